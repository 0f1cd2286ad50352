using ChitChatz.Grains.Abstractions;
using ChitChatz.Grains.Gateways;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ChitChatz.Tests.Grains;

public sealed class GatewayLeasesTests
{
    private static readonly GatewayId One = GatewayId.New();
    private static readonly GatewayId Two = GatewayId.New();

    private readonly FakeTimeProvider _time = new();
    private readonly GatewayLeases _leases;

    public GatewayLeasesTests() => _leases = new GatewayLeases(_time, TimeSpan.FromSeconds(10));

    [Fact]
    public void WarmingUp_WhenTenSecondsPassed_Ends()
    {
        Assert.True(_leases.WarmingUp);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.False(_leases.WarmingUp);
    }

    [Fact]
    public void Live_WhenALeaseLapsed_LeavesItOut()
    {
        _leases.Renew(One);
        _time.Advance(TimeSpan.FromSeconds(20));
        _leases.Renew(Two);
        Assert.Equal(2, _leases.Live().Length);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal([Two], _leases.Live());
        Assert.Equal(1, _leases.Count);
    }

    [Fact]
    public void Live_WhenALeaseIsGivenBack_LeavesItOut()
    {
        _leases.Renew(One);
        _leases.Release(One);
        Assert.Empty(_leases.Live());
    }
}
