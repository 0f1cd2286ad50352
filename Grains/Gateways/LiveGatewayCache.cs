using ChitChatz.Grains.Abstractions;
using Microsoft.Extensions.Logging;

namespace ChitChatz.Grains.Gateways;

/// <summary>
/// The silo's copy of the registry. <see cref="InboxHeartbeat"/> keeps it fresh; rooms use it to say that they moved.
/// While the registry warms up nobody is dropped from the copy.
/// </summary>
internal sealed class LiveGatewayCache(IGrainFactory grains, StreamInboxes inboxes, TimeProvider time, ILogger<LiveGatewayCache> logger)
{
    private static readonly TimeSpan FirstLoad = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private HashSet<GatewayId> _known = [];
    private volatile GatewayId[] _current = [];
    private Task? _first;

    /// <summary>The gateways that live, as last heard.</summary>
    public GatewayId[] Current => _current;

    /// <summary>The gateways that live; waits, up to a second, for the first answer of the registry after the silo's start.</summary>
    public async ValueTask<GatewayId[]> GetAsync()
    {
        Task first;
        lock (_gate)
            first = _first ??= RefreshAsync();

        if (!first.IsCompletedSuccessfully)
        {
            try
            {
                await first.WaitAsync(FirstLoad, time);
            }
            catch (Exception exception)
            {
                logger.RegistrySilent(exception);
                lock (_gate)
                {
                    if (ReferenceEquals(_first, first) && first.IsFaulted)
                        _first = null;
                }
            }
        }

        return _current;
    }

    /// <summary>Asks the registry.</summary>
    public async Task RefreshAsync()
    {
        LiveGateways live = await grains.GetGrain<IGatewayRegistryGrain>(0).GetLive();
        lock (_gate)
        {
            HashSet<GatewayId> now = [.. live.Gateways];
            if (live.WarmingUp)
                now.UnionWith(_known);

            if (!now.SetEquals(_known))
            {
                _known = now;
                _current = [.. now];
                inboxes.KeepOnly(now);
            }

            _first = Task.CompletedTask;
        }
    }
}
