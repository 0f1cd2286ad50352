using ChitChatz.Grains.Abstractions;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace ChitChatz.Grains.Names;

/// <summary>A name. Reentrant, so that a live session's assertion comes through while a stranger's registration is held.</summary>
// Three times the interval at which sessions assert their names.
[Reentrant]
[CollectionAgeLimit(Minutes = 15)]
internal sealed class UserGrain(SiloLossClock losses, TimeProvider time, ILogger<UserGrain> logger) : Grain, IUserGrain
{
    private readonly NameClaims _claims = new(time);
    private readonly long _activatedAt = time.GetTimestamp();

    public async Task<ClaimStatus> Claim(NameClaim claim)
    {
        // The holder's gateway asserts the name again within 2 s; a stranger who is quicker must not get it.
        if (!claim.Proven && _claims.IsFree)
            await losses.HoldAsync(_activatedAt);

        if (_claims.TryClaim(claim))
            return ClaimStatus.Granted;

        _claims.DropDead(await AskRegistryAsync());
        return _claims.TryClaim(claim) ? ClaimStatus.Granted : ClaimStatus.Taken;
    }

    public Task Release(GatewayId gateway, long connection)
    {
        _claims.Release(gateway, connection);
        return Task.CompletedTask;
    }

    private async Task<LiveGateways> AskRegistryAsync()
    {
        try
        {
            return await GrainFactory.GetGrain<IGatewayRegistryGrain>(0).GetLive();
        }
        catch (Exception exception) when (exception is TimeoutException or OrleansException)
        {
            // Nobody is dead as long as nobody can say so.
            logger.RegistrySilent(exception);
            return new LiveGateways(true, []);
        }
    }
}
