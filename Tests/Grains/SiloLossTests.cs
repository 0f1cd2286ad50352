using System.Collections.Immutable;
using System.Net;
using ChitChatz.Grains.Names;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Orleans.Runtime;
using Xunit;

namespace ChitChatz.Tests.Grains;

public sealed class SiloLossTests
{
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(SiloStatus.Dead, true)]
    [InlineData(SiloStatus.ShuttingDown, true)]
    [InlineData(SiloStatus.Active, false)]
    public void Sees_WhenAnActiveSiloIsNoLongerActive_IsALoss(SiloStatus then, bool lost)
    {
        SiloLosses losses = new();
        Assert.False(losses.Sees(Snapshot(1, SiloStatus.Active, SiloStatus.Active)));
        Assert.Equal(lost, losses.Sees(Snapshot(2, SiloStatus.Active, then)));
        Assert.False(losses.Sees(Snapshot(3, SiloStatus.Active, then)));
    }

    [Fact]
    public void Sees_WhenASiloJoins_IsNoLoss()
    {
        SiloLosses losses = new();
        losses.Sees(Snapshot(1, SiloStatus.Active));
        Assert.False(losses.Sees(Snapshot(2, SiloStatus.Active, SiloStatus.Joining)));
        Assert.False(losses.Sees(Snapshot(3, SiloStatus.Active, SiloStatus.Active)));
    }

    [Fact]
    public void Sees_WhenItStartsAmongTheDead_IsALossOnlyIfNobodyElseLives()
    {
        Assert.True(new SiloLosses().Sees(Snapshot(1, SiloStatus.Active, SiloStatus.Dead)));
        Assert.False(new SiloLosses().Sees(Snapshot(1, SiloStatus.Active, SiloStatus.Active, SiloStatus.Dead)));
        Assert.False(new SiloLosses().Sees(Snapshot(1, SiloStatus.Active)));
    }

    [Fact]
    public async Task HoldAsync_WhenASiloWasLostBeforeActivation_WaitsThreeSeconds()
    {
        using SiloLossClock clock = new(null!, _time, NullLogger<SiloLossClock>.Instance);
        Assert.True(clock.HoldAsync(_time.GetTimestamp()).AsTask().IsCompleted);

        clock.Lost();
        _time.Advance(TimeSpan.FromSeconds(1));
        Task held = clock.HoldAsync(_time.GetTimestamp()).AsTask();
        Assert.False(held.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(2));
        await held.WaitAsync(TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken);
        Assert.True(clock.HoldAsync(_time.GetTimestamp()).AsTask().IsCompleted);
    }

    [Fact]
    public void HoldAsync_WhenGrainIsOlderThanTheLoss_AnswersAtOnce()
    {
        using SiloLossClock clock = new(null!, _time, NullLogger<SiloLossClock>.Instance);
        long activatedAt = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromSeconds(5));
        clock.Lost();
        Assert.True(clock.HoldAsync(activatedAt).AsTask().IsCompleted);
    }

    private static ClusterMembershipSnapshot Snapshot(long version, params SiloStatus[] silos) => new(
        silos.Select((status, i) => new ClusterMember(SiloAddress.New(IPAddress.Loopback, 1000 + i, 1), status, "silo" + i))
            .ToImmutableDictionary(member => member.SiloAddress),
        new MembershipVersion(version));
}
