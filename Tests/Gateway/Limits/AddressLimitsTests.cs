using System.Net;
using ChitChatz.Gateway.Limits;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ChitChatz.Tests.Gateway.Limits;

public sealed class AddressLimitsTests
{
    private static readonly IPAddress A = IPAddress.Parse("203.0.113.7");
    private static readonly IPAddress B = IPAddress.Parse("203.0.113.8");
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void TryConnect_WhenTheAddressHasTooMany_IsRefusedUntilOneEnds()
    {
        var limits = Limits(settings => settings.ConnectionsPerIp = 2);
        var first = limits.TryConnect(A, exempt: false).Lease!;
        Assert.NotNull(limits.TryConnect(A, exempt: false).Lease);

        Assert.Equal(AddressRefusal.TooMany, limits.TryConnect(A, exempt: false).Refusal);
        Assert.NotNull(limits.TryConnect(B, exempt: false).Lease);
        first.Dispose();
        first.Dispose();

        Assert.NotNull(limits.TryConnect(A, exempt: false).Lease);
        Assert.Equal(AddressRefusal.TooMany, limits.TryConnect(A, exempt: false).Refusal);
        Assert.Equal(3, limits.Total);
    }

    [Fact]
    public void TryConnect_WhenTheAddressIsTooFast_IsRefusedUntilItMay()
    {
        var limits = Limits(settings => (settings.NewConnectionsPerSecondPerIp, settings.NewConnectionsBurstPerIp) = (2, 3));
        for (var i = 0; i < 3; i++)
            limits.TryConnect(A, exempt: false).Lease!.Dispose();

        var refused = limits.TryConnect(A, exempt: false);
        _time.Advance(refused.RetryAfter);

        Assert.Equal(AddressRefusal.TooFast, refused.Refusal);
        Assert.Equal(TimeSpan.FromMilliseconds(500), refused.RetryAfter);
        Assert.NotNull(limits.TryConnect(A, exempt: false).Lease);
    }

    [Fact]
    public void TryConnect_WhenTheProcessIsFull_IsRefusedEvenOnLoopback()
    {
        var limits = Limits(settings => settings.MaxConnections = 1);
        using var lease = limits.TryConnect(A, exempt: false).Lease;

        Assert.Equal(AddressRefusal.Full, limits.TryConnect(IPAddress.Loopback, exempt: true).Refusal);
        Assert.Equal(AddressRefusal.Full, limits.TryConnect(B, exempt: false).Refusal);
    }

    [Fact]
    public void TryConnect_WhenExempt_KnowsNoRate()
    {
        var limits = Limits(settings => (settings.ConnectionsPerIp, settings.NewConnectionsBurstPerIp, settings.RegistrationsBurst) = (1, 1, 1));

        for (var i = 0; i < 1000; i++)
        {
            var lease = limits.TryConnect(IPAddress.Loopback, exempt: true).Lease!;
            Assert.True(lease.IsExempt);
            Assert.True(lease.TryRegister(out _));
        }

        Assert.Equal(1000, limits.Total);
    }

    [Fact]
    public void TryRegister_WhenTheAddressUsedItUp_IsRefusedOnAllItsConnections()
    {
        var limits = Limits(settings => (settings.RegistrationsPerMinute, settings.RegistrationsBurst) = (60, 2));
        using var one = limits.TryConnect(A, exempt: false).Lease!;
        using var two = limits.TryConnect(A, exempt: false).Lease!;
        using var other = limits.TryConnect(B, exempt: false).Lease!;

        Assert.True(one.TryRegister(out _));
        Assert.True(two.TryRegister(out _));
        Assert.False(one.TryRegister(out var retryAfter));
        Assert.True(other.TryRegister(out _));
        Assert.Equal(TimeSpan.FromSeconds(1), retryAfter);
    }

    [Fact]
    public void TryConnect_WhenRateLimitsAreOff_KnowsNoRateButTheTotal()
    {
        var limits = Limits(settings => (settings.RateLimits, settings.ConnectionsPerIp, settings.NewConnectionsBurstPerIp, settings.RegistrationsBurst, settings.MaxConnections) = (false, 1, 1, 1, 500));

        for (var i = 0; i < 500; i++)
            Assert.True(limits.TryConnect(A, exempt: false).Lease!.TryRegister(out _));
        Assert.Equal(AddressRefusal.Full, limits.TryConnect(A, exempt: false).Refusal);
    }

    [Theory]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("203.0.113.7", "::ffff:203.0.113.7", true)]
    [InlineData("203.0.113.7", "203.0.113.8", false)]
    [InlineData("0.0.0.0", "::", false)]
    public void AddressKey_WhenInOneHousehold_IsTheSame(string one, string other, bool same) =>
        Assert.Equal(same, AddressKey.Of(IPAddress.Parse(one)) == AddressKey.Of(IPAddress.Parse(other)));

    [Fact]
    public async Task TryConnect_WhenManyComeAndGoAtOnce_CountsThemAll()
    {
        var limits = Limits(settings => (settings.ConnectionsPerIp, settings.NewConnectionsPerSecondPerIp) = (0, 0));

        await Parallel.ForEachAsync(Enumerable.Range(0, 20_000), TestContext.Current.CancellationToken, (i, _) =>
        {
            limits.TryConnect(i % 2 == 0 ? A : B, exempt: false).Lease!.Dispose();
            return ValueTask.CompletedTask;
        });

        Assert.Equal(0, limits.Total);
    }

    [Fact]
    public void TryCreate_WhenTheUserMadeManyRooms_IsRefused()
    {
        var rooms = new NewRoomLimits(Options.Create(new LimitsSettings { NewRoomsPerMinute = 2 }), _time);

        Assert.True(rooms.TryCreate("anna", out _));
        Assert.True(rooms.TryCreate("anna", out _));
        Assert.False(rooms.TryCreate("anna", out var retryAfter));
        Assert.True(rooms.TryCreate("bob", out _));
        Assert.Equal(TimeSpan.FromSeconds(30), retryAfter);
    }

    private AddressLimits Limits(Action<LimitsSettings> configure)
    {
        var settings = new LimitsSettings();
        configure(settings);
        return new AddressLimits(Options.Create(settings), _time);
    }
}
