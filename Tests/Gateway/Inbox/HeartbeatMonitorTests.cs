using ChitChatz.Gateway.Inbox;
using ChitChatz.Grains.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ChitChatz.Tests.Gateway.Inbox;

/// <summary>What missing and changed heartbeats mean.</summary>
public sealed class HeartbeatMonitorTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly HeartbeatMonitor _monitor;

    public HeartbeatMonitorTests() => _monitor = new HeartbeatMonitor(_time);

    [Fact]
    public void IsSubscriptionLost_WhenBeatsCome_IsFalse()
    {
        for (int i = 0; i < 10; i++)
        {
            Beat("a", 1, "a");
            _time.Advance(TimeSpan.FromSeconds(1));
            Assert.False(_monitor.IsSubscriptionLost());
        }
    }

    [Fact]
    public void IsSubscriptionLost_WhenNobodyWasEverHeard_IsTrueAfterThreeBeats()
    {
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.False(_monitor.IsSubscriptionLost());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(_monitor.IsSubscriptionLost());
        _monitor.Restart();
        Assert.False(_monitor.IsSubscriptionLost());
    }

    [Fact]
    public void IsSubscriptionLost_WhenOneActiveSiloIsSilent_IsTrue()
    {
        for (int i = 0; i < 4; i++)
        {
            Beat("a", 1, "a", "b");
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.True(_monitor.IsSubscriptionLost());
    }

    [Fact]
    public void IsSubscriptionLost_WhenTheSilentSiloIsDead_IsFalse()
    {
        Beat("a", 1, "a", "b");
        Beat("b", 1, "a", "b");
        for (int i = 0; i < 5; i++)
        {
            Beat("a", 2, "a");
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.False(_monitor.IsSubscriptionLost());
    }

    [Fact]
    public void Observe_TellsEachChangeOfTheClusterOnce()
    {
        Assert.False(Beat("a", 1, "a", "b"));
        Assert.False(Beat("b", 1, "a", "b"));
        Assert.True(Beat("a", 2, "a"));
        Assert.False(Beat("a", 2, "a"));
    }

    [Fact]
    public void IsSubscriptionLost_WhenItemsOfAnOnlySiloCome_IsFalse()
    {
        Beat("a", 1, "a");
        for (int i = 0; i < 10; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            _monitor.ObserveItem();
            Assert.False(_monitor.IsSubscriptionLost());
        }

        _monitor.Restart();
        _time.Advance(TimeSpan.FromSeconds(3));
        _monitor.ObserveItem();
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.False(_monitor.IsSubscriptionLost());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(_monitor.IsSubscriptionLost());
    }

    [Fact]
    public void IsSubscriptionLost_WhenItemsOfOneOfTwoSilosCome_IsTrue()
    {
        Beat("a", 1, "a", "b");
        _time.Advance(TimeSpan.FromSeconds(4));
        _monitor.ObserveItem();
        Assert.True(_monitor.IsSubscriptionLost());
    }

    private bool Beat(string silo, long version, params string[] active) => _monitor.Observe(new SiloHeartbeat(silo, version, active)) != ClusterChange.None;
}
