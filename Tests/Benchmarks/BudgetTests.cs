using ChitChatz.Benchmarks.Suite;
using static ChitChatz.Tests.Benchmarks.SuiteParts;

namespace ChitChatz.Tests.Benchmarks;

public sealed class BudgetTests
{
    private const string Rate = "deliveries/s";
    private const string Cost = "server us/send";
    private const string OfDeliveries = "CPU of a delivery, 100 to 10,000 members, Standalone: most by least";
    private const string OfSends = "CPU of a send, 10 to 10,000 rooms, two processes: most by least";

    [Theory]
    [InlineData(true, 2.9999, false)]
    [InlineData(true, 3, true)]
    [InlineData(true, 3.0001, true)]
    [InlineData(false, 2.9999, true)]
    [InlineData(false, 3, true)]
    [InlineData(false, 3.0001, false)]
    public void IsMet_AtTheLimitAndBesideIt_CountsTheLimitAsMet(bool atLeast, double value, bool met) =>
        Assert.Equal(met, new Budget("", 3, atLeast, "", static _ => null).IsMet(value));

    [Theory]
    [InlineData("hot room, Standalone", "x bare", "hot", Rate, "standalone", "bare")]
    [InlineData("hot room, two processes", "x bare", "hot", Rate, "two-processes", "bare")]
    [InlineData("hot room, Standalone", "x SignalR + Redis", "hot", Rate, "standalone", "signalr-redis")]
    [InlineData("hot room, two processes", "x SignalR + Redis", "hot", Rate, "two-processes", "signalr-redis")]
    [InlineData("100 rooms x 5, Standalone", "x SignalR + Redis", "many", Rate, "standalone", "signalr-redis")]
    [InlineData("100 rooms x 5, two processes", "x SignalR + Redis", "many", Rate, "two-processes", "signalr-redis")]
    [InlineData("p50 at 500/s x 100, Standalone", "x SignalR + Redis", "steady", "p50 ms", "standalone", "signalr-redis")]
    [InlineData("p50 at 500/s x 100, two processes", "x SignalR + Redis", "steady", "p50 ms", "two-processes", "signalr-redis")]
    [InlineData("p99 at 500/s x 100, Standalone", "x SignalR + Redis", "steady", "p99 ms", "standalone", "signalr-redis")]
    [InlineData("p99 at 500/s x 100, two processes", "x SignalR + Redis", "steady", "p99 ms", "two-processes", "signalr-redis")]
    public void Of_ARatio_ComparesTheMediansOfBoth(string what, string unit, string scenario, string figure, string ours, string theirs)
    {
        var budget = Assert.Single(Budget.All, budget => budget.What == what && budget.Unit == unit);
        Results results = new(
        [
            Run(scenario, ours, figure, 1), Run(scenario, ours, figure, 3), Run(scenario, ours, figure, 30),
            Run(scenario, theirs, figure, 4), Run(scenario, theirs, figure, 8),
        ]);

        Assert.Equal(0.5, budget.Of(results));
        Assert.All(Budget.All.Except([budget]), other => Assert.Null(other.Of(results)));
    }

    [Theory]
    [InlineData("connect + register + join, Standalone, warm", "connect", "standalone", "joins/s")]
    [InlineData("idle connection, the gateway of two processes", "idle", "two-processes", "KiB/connection")]
    [InlineData("start, Standalone", "hot", "standalone", "start s")]
    public void Of_AFigure_IsItsMedian(string what, string scenario, string candidate, string figure) =>
        Assert.Equal(2, Of(what, Run(scenario, candidate, figure, 1), Run(scenario, candidate, figure, 2), Run(scenario, candidate, figure, 9)));

    [Fact]
    public void Of_WhenOneOfTwoWasNotMeasured_IsNull()
    {
        Assert.Null(Of("100 rooms x 5, Standalone", Run("many", "standalone", Rate, 1)));
        Assert.Null(Of("100 rooms x 5, Standalone", Run("many", "signalr-redis", Rate, 1)));
        Assert.Null(Of("100 rooms x 5, Standalone", Run("many", "standalone", Rate, 1), Run("hot", "signalr-redis", Rate, 1)));
        Assert.Null(Of("100 rooms x 5, Standalone", Run("many", "standalone", Rate, 1), FaultyRun("many", "signalr-redis", Rate, 1)));
        Assert.Null(Of("100 rooms x 5, Standalone", Run("many", "standalone", Rate, 1), Run("many", "signalr-redis", Rate, double.NaN)));
    }

    [Fact]
    public void Of_TheGrowthByMembers_LeavesTheSendOutOfADelivery()
    {
        // A send of 10 us, and a further delivery of 2, 2.1 and 1.9 us.
        Sample[] samples =
        [
            Run("members-1", "standalone", Cost, 10), Run("members-100", "standalone", Cost, 10 + 99 * 2),
            Run("members-1000", "standalone", Cost, 10 + 999 * 2.1), Run("members-10000", "standalone", Cost, 10 + 9_999 * 1.9),
        ];

        Assert.Equal(2.1 / 1.9, Of(OfDeliveries, samples)!.Value, tolerance: 1e-9);
        Assert.All(samples, sample => Assert.Null(Of(OfDeliveries, [.. samples.Except([sample])])));
    }

    [Fact]
    public void Of_TheGrowthByRooms_IsTheMostByTheLeast()
    {
        Sample[] samples =
        [
            Run("rooms-10", "two-processes", Cost, 25), Run("rooms-1000", "two-processes", Cost, 20), Run("rooms-10000", "two-processes", Cost, 24),
        ];

        Assert.Equal(1.25, Of(OfSends, samples));
        Assert.All(samples, sample => Assert.Null(Of(OfSends, [.. samples.Except([sample])])));
    }

    private static double? Of(string what, params Sample[] samples) => Assert.Single(Budget.All, budget => budget.What == what).Of(new(samples));
}
