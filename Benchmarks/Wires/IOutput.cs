namespace ChitChatz.Benchmarks.Wires;

/// <summary>Takes whole frames for the server.</summary>
internal interface IOutput
{
    /// <summary>Puts a frame behind those not yet written.</summary>
    void Queue(ReadOnlySpan<byte> frame);
}
