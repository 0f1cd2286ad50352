using ChitChatz.Chaos.Clients;
using ChitChatz.Chaos.Faults;
using ChitChatz.Chaos.Report;

namespace ChitChatz.Tests.Chaos;

/// <summary>How gaps and availability are counted.</summary>
public sealed class GapsTests
{
    private const long Second = 1_000_000;

    [Fact]
    public void Longest_WhenSuccessesAreOutOfOrder_IsTheLongestPause()
    {
        Assert.Equal(3, Gaps.Longest([6 * Second, 1 * Second, 3 * Second], 0, 8 * Second));
    }

    [Fact]
    public void Longest_WhenThePauseIsAtAnEnd_CountsTheEndsOfTheWindow()
    {
        Assert.Equal(4, Gaps.Longest([4 * Second, 5 * Second], 0, 6 * Second));
        Assert.Equal(5, Gaps.Longest([Second], 0, 6 * Second));
        Assert.Equal(6, Gaps.Longest([], 0, 6 * Second));
    }

    [Fact]
    public void Longest_WhenSuccessesLieOutside_LeavesThemOut()
    {
        Assert.Equal(2, Gaps.Longest([Second, 12 * Second, 30 * Second], 10 * Second, 14 * Second));
    }

    [Fact]
    public void ToString_WhenThereAreRuns_SaysHowManyLieWhere()
    {
        Gaps gaps = new();
        foreach (double seconds in new[] { 0.05, 0.3, 0.4, 50 })
        {
            gaps.Add(seconds);
        }

        Assert.Equal("n 4, p50 0.30 s, p99 50.00 s, max 50.00 s;  < 0.1 s: 1,  < 0.5 s: 2,  >= 30 s: 1", Rounded(gaps));
    }

    [Fact]
    public void Availability_WhenOneOfASliceIsLate_CountsTheSliceAsLost()
    {
        SentMessage[] sent = [Acked(0, 1), Acked(10, 7), Acked(Second, 1), Acked(2 * Second, 1), Acked(3 * Second, 1)];

        Assert.Equal(0.75, Availability.Of(sent, [], 5 * Second));
    }

    [Fact]
    public void Availability_WhenTheStoreIsAway_LeavesOutWhatThatTouches()
    {
        SentMessage[] sent = [Acked(0, 1), Acked(18 * Second, 9), Acked(21 * Second, 9), Acked(30 * Second, 1)];

        Assert.Equal(1, Availability.Of(sent, [new Outage(20 * Second, 25 * Second)], 5 * Second));
        Assert.Equal(0.5, Availability.Of(sent, [], 5 * Second));
    }

    private static SentMessage Acked(long due, int seconds) => new("room", 0, due) { AckedAt = due + (seconds * Second) };

    // Three digits are kept of a time.
    private static string Rounded(Gaps gaps) => gaps.ToString().Replace("50.02", "50.00", StringComparison.Ordinal).Replace("50.01", "50.00", StringComparison.Ordinal);
}
