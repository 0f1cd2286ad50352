namespace ChitChatz.Gateway.Limits;

/// <summary>Why an address gets no further connection.</summary>
public enum AddressRefusal
{
    /// <summary>It gets one.</summary>
    None,

    /// <summary>It opens them too fast (<c>Limits:NewConnectionsPerSecondPerIp</c>).</summary>
    TooFast,

    /// <summary>It has too many (<c>Limits:ConnectionsPerIp</c>).</summary>
    TooMany,

    /// <summary>The process has too many (<c>Limits:MaxConnections</c>).</summary>
    Full,
}

/// <summary>The answer to one more connection.</summary>
/// <param name="Lease">Its place, to be disposed of with the connection; null when refused.</param>
/// <param name="Refusal">Why not.</param>
/// <param name="RetryAfter">When to try again.</param>
public readonly record struct AddressVerdict(AddressLease? Lease, AddressRefusal Refusal, TimeSpan RetryAfter);

/// <summary>One connection's place among those of its address. Disposing of it twice counts once.</summary>
public sealed class AddressLease : IDisposable
{
    private readonly AddressKey? _key;
    private AddressLimits? _limits;

    internal AddressLease(AddressLimits limits, AddressKey? key) => (_limits, _key) = (limits, key);

    /// <summary>Whether this is a direct loopback connection, to which no rate applies.</summary>
    public bool IsExempt => _key is null;

    /// <summary>Takes one registration of the address; if there is none left, false and the time until the next.</summary>
    public bool TryRegister(out TimeSpan retryAfter)
    {
        retryAfter = TimeSpan.Zero;
        return _limits is not { } limits || limits.TryRegister(_key, out retryAfter);
    }

    /// <summary>Gives the place back.</summary>
    public void Dispose() => Interlocked.Exchange(ref _limits, null)?.Release(_key);
}
