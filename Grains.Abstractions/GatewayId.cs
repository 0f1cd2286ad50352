namespace ChitChatz.Grains.Abstractions;

/// <summary>
/// One gateway process. A new one is made at each process start, so the inbox of a gateway that died is never read by its successor.
/// It is also the key of the gateway's inbox stream (see <see cref="StreamNames"/>).
/// </summary>
[GenerateSerializer, Immutable, Alias("chitchatz.GatewayId")]
public readonly record struct GatewayId([property: Id(0)] Guid Value)
{
    /// <summary>A new id, for a process that starts.</summary>
    public static GatewayId New() => new(Guid.NewGuid());

    /// <inheritdoc />
    public override string ToString() => Value.ToString("N");
}
