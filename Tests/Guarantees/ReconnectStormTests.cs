using System.Diagnostics;
using ChitChatz.Chaos.Checking;
using ChitChatz.Chaos.Clients;
using ChitChatz.Gateway.Connections;
using ChitChatz.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace ChitChatz.Tests.Guarantees;

/// <summary>T7, in process: all connections are cut at once, all come back from where they were, while others go on talking.</summary>
public sealed class ReconnectStormTests
{
    private static readonly string[] s_rooms = [.. Enumerable.Range(0, 20).Select(static n => $"room {n}")];

    private static int PerRoom => GuaranteeRun.IsLong ? 100 : 25;

    [Fact]
    public async Task Everybody_WhoIsCutAtOnce_ComesBackWithoutAGap()
    {
        await using StandaloneApp app = await StandaloneApp.StartAsync("--Limits:RateLimits=false");
        await using GuaranteeRun run = new(app);
        foreach (string room in s_rooms)
        {
            run.AddUsers(PerRoom, room);
        }

        RecordingUser[] talkers = [.. run.Users.Where(static (_, i) => i % PerRoom == 0)];
        RecordingUser[] others = [.. run.Users.Except(talkers)];
        await run.ConnectAllAsync();
        await Task.WhenAll(talkers.Select(static user => user.SendAsync("before", GuaranteeRun.Token)));
        await run.WhenConvergedAsync(s_rooms, TimeSpan.FromSeconds(30));

        HashSet<int> stay = [.. talkers.Select(static user => user.Connection!.Number)];
        await Task.WhenAll(others.Select(static user => user.CutAsync()));
        run.History.Fault($"{others.Length} connections cut");
        Task talking = Task.WhenAll(talkers.Select(static async user =>
        {
            for (int i = 0; i < 40; i++)
            {
                await user.SendAsync($"meanwhile {i}", GuaranteeRun.Token);
            }
        }));
        double[] times = await Task.WhenAll(others.Select(static async user =>
        {
            long began = Stopwatch.GetTimestamp();
            await user.ConnectAsync(GuaranteeRun.Token);
            return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        }));
        await talking;
        await run.WhenConvergedAsync(s_rooms, TimeSpan.FromSeconds(30));
        Verdict verdict = await run.CheckAsync("T7", s_rooms);
        Array.Sort(times);
        TestContext.Current.TestOutputHelper?.WriteLine($"{others.Length} back: p50 {times[times.Length / 2]:N0} ms, p99 {times[times.Length * 99 / 100]:N0} ms");
        Assert.True(verdict.IsClean, verdict.ToString());
        Assert.Equal((others.Length, 0), (run.Users.Sum(static user => user.Resumes.Recovered), run.Users.Sum(static user => user.Resumes.Not)));
        Assert.All(talkers, user => Assert.Contains(user.Connection!.Number, stay));
        Assert.Equal(run.Users.Count, app.Services.GetRequiredService<ConnectionRegistry>().All.Count());
    }
}
