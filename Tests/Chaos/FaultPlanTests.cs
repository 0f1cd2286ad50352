using ChitChatz.Chaos.Faults;

namespace ChitChatz.Tests.Chaos;

/// <summary>Plans of faults: the same from the same seed, and within their rules whatever the seed.</summary>
public sealed class FaultPlanTests
{
    private static readonly string[] s_parts = ["store", "silo-1", "silo-2", "silo-3", "gateway-1", "gateway-2"];

    [Fact]
    public void Make_WhenTheSeedIsTheSame_GivesTheSamePlan()
    {
        Assert.Equal(Lines(7), Lines(7));
        Assert.NotEqual(Lines(7), Lines(8));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Make_WhateverTheSeed_KeepsTheRules(int seed)
    {
        FaultPlan plan = FaultPlan.Make(seed, s_parts, 200, 5);

        Assert.Equal(200, plan.Kills.Count);
        Assert.Equal(5, plan.Kills.Count(static kill => kill.Targets.Count == s_parts.Length));
        Assert.Equal(plan.Length, plan.Kills.Max(static kill => kill.At + kill.Down));
        Dictionary<string, TimeSpan> up = s_parts.ToDictionary(static part => part, static _ => TimeSpan.Zero);
        TimeSpan before = TimeSpan.Zero;
        foreach (Kill kill in plan.Kills)
        {
            Assert.True(kill.At >= before + TimeSpan.FromSeconds(5), $"{kill} comes too soon");
            Assert.InRange(kill.Down, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));
            Assert.All(kill.Targets, target => Assert.True(up[target] <= kill.At, $"{kill}, and {target} is down"));
            foreach (string target in kill.Targets)
            {
                up[target] = kill.At + kill.Down;
            }

            if (kill.Targets.Count == 1 && kill.Targets[0] != "store")
            {
                string[] left = [.. s_parts.Where(part => part.Split('-')[0] == kill.Targets[0].Split('-')[0] && up[part] <= kill.At)];
                Assert.True(left.Length > 0, $"{kill} leaves none of its kind");
            }

            before = kill.At;
        }
    }

    [Fact]
    public void Make_WhenShort_KillsEverythingOnceAtTheEnd()
    {
        FaultPlan plan = FaultPlan.Make(7, s_parts, 5, 1);

        Assert.Equal([1, 1, 1, 1, 6], plan.Kills.Select(static kill => kill.Targets.Count));
    }

    private static string[] Lines(int seed) => [.. FaultPlan.Make(seed, s_parts, 50, 2).Kills.Select(static kill => kill.ToString())];
}
