namespace ChitChatz.Client.Sending;

/// <summary>A message that waits for its receipt.</summary>
/// <param name="id">Its id.</param>
/// <param name="frame">Its frame, the same at each attempt.</param>
internal sealed class PendingSend(string id, byte[] frame)
{
    public string Id => id;

    public byte[] Frame => frame;

    /// <summary>What became of it.</summary>
    public TaskCompletionSource<ChatReceipt> Outcome { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether an attempt waits for its answer.</summary>
    public bool IsInFlight { get; set; }

    /// <summary>The timestamp of the first attempt; null before it.</summary>
    public long? FirstTriedAt { get; set; }

    /// <summary>The same by the clock on the wall, which counts the time that a machine sleeps.</summary>
    public DateTimeOffset FirstTriedOn { get; set; }
}
