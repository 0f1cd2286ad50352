using ChitChatz.Gateway.Inbox;
using Microsoft.Extensions.Time.Testing;

namespace ChitChatz.Tests.Gateway.Inbox;

/// <summary>How often a subscription that seems lost is made anew.</summary>
public sealed class ResubscriptionPaceTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ResubscriptionPace _pace;

    public ResubscriptionPaceTests() => _pace = new ResubscriptionPace(_time);

    [Fact]
    public void IsDue_WhenLostForTheFirstTime_IsTrueAtOnce()
    {
        Assert.False(_pace.IsDue(lost: false));
        Assert.True(_pace.IsDue(lost: true));
    }

    [Fact]
    public void IsDue_WhenLostAgainAndAgain_IsTrueAfterTwiceThePause()
        => Assert.Equal([1, 2, 4, 8, 15, 15], Enumerable.Range(0, 6).Select(_ => PauseAfterATry(lostMeanwhile: true)));

    [Fact]
    public void IsDue_WhenLostSoonAfterEachSuccess_IsTrueAfterTwiceThePause()
        => Assert.Equal([1, 2, 4, 8, 15, 15], Enumerable.Range(0, 6).Select(_ => PauseAfterATry(lostMeanwhile: false)));

    [Fact]
    public void IsDue_WhenBeatsCameForHalfAMinute_IsTrueAtOnceAgain()
    {
        for (int i = 0; i < 6; i++)
        {
            PauseAfterATry(lostMeanwhile: true);
        }

        _pace.Tried();
        for (int second = 0; second <= 30; second++)
        {
            Assert.False(_pace.IsDue(lost: false));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(1, PauseAfterATry(lostMeanwhile: true));
    }

    /// <summary>How many seconds after a try the next one is due; without a loss meanwhile it is lost only when the pause is over.</summary>
    private int PauseAfterATry(bool lostMeanwhile)
    {
        _pace.Tried();
        int seconds = 0;
        while (!_pace.IsDue(lost: true))
        {
            if (!lostMeanwhile)
            {
                Assert.False(_pace.IsDue(lost: false));
            }

            _time.Advance(TimeSpan.FromSeconds(1));
            seconds++;
        }

        return seconds;
    }
}
