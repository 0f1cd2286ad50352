using System.Net;
using Microsoft.Extensions.Options;

namespace ChitChatz.Gateway.Limits;

/// <summary>Counts connections, new connections and registrations per address, and all connections together. Thread-safe.</summary>
public sealed class AddressLimits(IOptions<LimitsSettings> options, TimeProvider time)
{
    // Who is refused for what is open now cannot know when something closes; a few seconds spare us the hammering.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly LimitsSettings _limits = options.Value;
    private readonly BucketTable<AddressKey> _newConnections = new(options.Value.NewConnections, time);
    private readonly BucketTable<AddressKey> _registrations = new(options.Value.Registrations, time);
    private readonly Lock _lock = new();

    // Only addresses with open connections, so bounded by them.
    private readonly Dictionary<AddressKey, int> _open = [];
    private int _total;

    /// <summary>All connections that are open now.</summary>
    public int Total => Volatile.Read(ref _total);

    /// <summary>Asks for a place for one more connection.</summary>
    /// <param name="address">The client's address, or null when it has none.</param>
    /// <param name="exempt">True for a direct loopback connection, which only counts towards all connections together.</param>
    public AddressVerdict TryConnect(IPAddress? address, bool exempt)
    {
        var key = exempt ? (AddressKey?)null : AddressKey.Of(address ?? IPAddress.None);
        if (key is { } stranger && !_newConnections.TryTake(stranger, out var retryAfter))
            return new AddressVerdict(null, AddressRefusal.TooFast, retryAfter);
        lock (_lock)
        {
            if (_limits.MaxConnections > 0 && _total >= _limits.MaxConnections)
                return new AddressVerdict(null, AddressRefusal.Full, Pause);
            if (key is { } counted)
            {
                var open = _open.GetValueOrDefault(counted);
                if (_limits.OpenPerAddress > 0 && open >= _limits.OpenPerAddress)
                    return new AddressVerdict(null, AddressRefusal.TooMany, Pause);
                _open[counted] = open + 1;
            }

            _total++;
        }

        return new AddressVerdict(new AddressLease(this, key), AddressRefusal.None, TimeSpan.Zero);
    }

    internal bool TryRegister(AddressKey? key, out TimeSpan retryAfter)
    {
        retryAfter = TimeSpan.Zero;
        return key is not { } counted || _registrations.TryTake(counted, out retryAfter);
    }

    internal void Release(AddressKey? key)
    {
        lock (_lock)
        {
            _total--;
            if (key is not { } counted)
                return;
            if (_open[counted] == 1)
                _open.Remove(counted);
            else
                _open[counted]--;
        }
    }
}
