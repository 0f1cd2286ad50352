using ChitChatz.Gateway.Limits;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ChitChatz.Tests.Gateway.Limits;

public sealed class ViolationCounterTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void TryCount_WhenThirtyCame_RefusesTheNext()
    {
        var counter = new ViolationCounter(30, _time);

        Assert.All(Enumerable.Range(0, 30), _ => Assert.True(counter.TryCount()));
        Assert.False(counter.TryCount());
    }

    [Fact]
    public void TryCount_WhenTheOldestIsAMinuteAgo_BearsOneMore()
    {
        var counter = new ViolationCounter(30, _time);
        for (var i = 0; i < 30; i++)
        {
            Assert.True(counter.TryCount());
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        _time.Advance(TimeSpan.FromSeconds(30));

        Assert.True(counter.TryCount());
        Assert.False(counter.TryCount());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(counter.TryCount());
    }

    [Fact]
    public void TryCount_WhenOnePerTwoSeconds_GoesOnForever()
    {
        var counter = new ViolationCounter(30, _time);
        for (var i = 0; i < 1000; i++)
        {
            Assert.True(counter.TryCount());
            _time.Advance(TimeSpan.FromSeconds(2));
        }
    }

    [Fact]
    public void TryCount_WhenOff_BearsAnyNumber()
    {
        var counter = new ViolationCounter(0, _time);

        Assert.All(Enumerable.Range(0, 1000), _ => Assert.True(counter.TryCount()));
    }
}
