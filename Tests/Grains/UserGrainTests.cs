using ChitChatz.Grains.Abstractions;
using ChitChatz.Grains.Names;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace ChitChatz.Tests.Grains;

/// <summary>Has a cluster of its own, since it moves the clock.</summary>
public sealed class UserGrainTests(GrainCluster cluster) : IClassFixture<GrainCluster>
{
    private readonly GatewayId _one = GatewayId.New();
    private readonly GatewayId _two = GatewayId.New();
    private readonly IUserGrain _name = cluster.Cluster.Client.GetGrain<IUserGrain>(Guid.NewGuid().ToString("N"));

    [Fact]
    public async Task Claim_WhenAnotherSubLives_IsTakenUntilItIsReleased()
    {
        await KeepRegistryWarmAsync(_one, _two);
        Assert.Equal(ClaimStatus.Granted, await _name.Claim(new NameClaim(_one, 1, "ann", 1, false)));
        Assert.Equal(ClaimStatus.Granted, await _name.Claim(new NameClaim(_two, 4, "ann", 2, true)));
        Assert.Equal(ClaimStatus.Taken, await _name.Claim(new NameClaim(_two, 5, "eve", 3, false)));
        await _name.Release(_one, 1);
        Assert.Equal(ClaimStatus.Taken, await _name.Claim(new NameClaim(_two, 5, "eve", 3, true)));
        await _name.Release(_two, 4);
        Assert.Equal(ClaimStatus.Granted, await _name.Claim(new NameClaim(_two, 5, "eve", 3, false)));
    }

    [Fact]
    public async Task Claim_WhenHoldersGatewayIsDead_IsGranted()
    {
        await KeepRegistryWarmAsync(_one, _two);
        await _name.Claim(new NameClaim(_one, 1, "ann", 1, false));
        await cluster.Registry.Release(_one);
        Assert.Equal(ClaimStatus.Granted, await _name.Claim(new NameClaim(_two, 5, "eve", 3, false)));
    }

    [Fact]
    public async Task Claim_WhenOlderClaimIsAsserted_KeepsTheName()
    {
        await KeepRegistryWarmAsync(_one, _two);
        await _name.Claim(new NameClaim(_two, 5, "eve", 30, false));
        Assert.Equal(ClaimStatus.Granted, await _name.Claim(new NameClaim(_one, 1, "ann", 10, true)));
        Assert.Equal(ClaimStatus.Taken, await _name.Claim(new NameClaim(_two, 5, "eve", 30, true)));
    }

    [Fact]
    public async Task Claim_WhenASiloWasLost_HoldsStrangersUntilTheHolderCouldAssert()
    {
        await KeepRegistryWarmAsync(_one, _two);
        cluster.Cluster.GetSiloServiceProvider().GetRequiredService<SiloLossClock>().Lost();
        Task<ClaimStatus> stranger = _name.Claim(new NameClaim(_two, 5, "eve", 30, false));
        ClaimStatus holder = await _name.Claim(new NameClaim(_one, 1, "ann", 10, true));
        Assert.False(stranger.IsCompleted);
        Assert.Equal((ClaimStatus.Granted, ClaimStatus.Taken), (holder, await stranger));
    }

    private async Task KeepRegistryWarmAsync(params GatewayId[] gateways)
    {
        await cluster.Registry.GetLive();
        cluster.Time.Advance(TimeSpan.FromSeconds(10));
        foreach (GatewayId gateway in gateways)
            await cluster.Registry.Renew(gateway);

        Assert.False((await cluster.Registry.GetLive()).WarmingUp);
    }
}
