using ChitChatz.Grains.Abstractions;
using ChitChatz.Grains.Names;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ChitChatz.Tests.Grains;

public sealed class NameClaimsTests
{
    private static readonly GatewayId One = GatewayId.New();
    private static readonly GatewayId Two = GatewayId.New();

    private readonly FakeTimeProvider _time = new();
    private readonly NameClaims _claims;

    public NameClaimsTests() => _claims = new NameClaims(_time);

    [Fact]
    public void TryClaim_WhenSubIsTheSame_LetsSessionsLiveSideBySide()
    {
        Assert.True(_claims.TryClaim(new NameClaim(One, 1, "ann", 10, false)));
        Assert.True(_claims.TryClaim(new NameClaim(Two, 1, "ann", 20, true)));
        Assert.True(_claims.TryClaim(new NameClaim(Two, 1, "ann", 20, true)));
        Assert.Equal(2, _claims.Count);
    }

    [Theory]
    [InlineData(20, false)]
    [InlineData(20, true)]
    [InlineData(10, true)]
    [InlineData(5, false)]
    public void TryClaim_WhenAnotherSubHoldsIt_IsRefused(long claimedAt, bool proven)
    {
        _claims.TryClaim(new NameClaim(One, 1, "ann", 10, false));
        Assert.False(_claims.TryClaim(new NameClaim(Two, 1, "eve", claimedAt, proven)));
    }

    [Fact]
    public void TryClaim_WhenAnotherSubAssertsAnOlderClaim_TakesTheName()
    {
        _claims.TryClaim(new NameClaim(One, 1, "eve", 20, false));
        _claims.TryClaim(new NameClaim(One, 2, "eve", 15, true));
        Assert.True(_claims.TryClaim(new NameClaim(Two, 1, "ann", 10, true)));
        Assert.False(_claims.TryClaim(new NameClaim(One, 1, "eve", 20, true)));
        Assert.Equal(1, _claims.Count);
    }

    [Fact]
    public void Release_WhenLastSessionGoes_FreesTheName()
    {
        _claims.TryClaim(new NameClaim(One, 1, "ann", 10, false));
        _claims.TryClaim(new NameClaim(One, 2, "ann", 10, false));
        _claims.Release(One, 1);
        Assert.False(_claims.TryClaim(new NameClaim(Two, 1, "eve", 30, false)));
        _claims.Release(One, 2);
        Assert.True(_claims.IsFree);
        Assert.True(_claims.TryClaim(new NameClaim(Two, 1, "eve", 30, false)));
    }

    [Fact]
    public void DropDead_WhenOneGatewayIsGone_KeepsTheOthersSessions()
    {
        _claims.TryClaim(new NameClaim(One, 1, "ann", 10, false));
        _claims.TryClaim(new NameClaim(Two, 1, "ann", 10, false));
        _claims.DropDead(new LiveGateways(false, [Two]));
        Assert.Equal(1, _claims.Count);
        _claims.DropDead(new LiveGateways(false, []));
        Assert.True(_claims.IsFree);
    }

    [Fact]
    public void DropDead_WhenRegistryWarmsUp_KeepsAll()
    {
        _claims.TryClaim(new NameClaim(One, 1, "ann", 10, false));
        _claims.DropDead(new LiveGateways(true, []));
        Assert.Equal(1, _claims.Count);
    }

    [Theory]
    [InlineData(10, 1)]
    [InlineData(11, 0)]
    public void DropDead_WhenSessionNoLongerAsserts_DropsIt(int minutes, int left)
    {
        _claims.TryClaim(new NameClaim(One, 1, "ann", 10, false));
        _time.Advance(TimeSpan.FromMinutes(minutes));
        _claims.DropDead(new LiveGateways(false, [One]));
        Assert.Equal(left, _claims.Count);
    }
}
