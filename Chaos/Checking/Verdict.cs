using System.Globalization;

namespace ChitChatz.Chaos.Checking;

/// <summary>The invariants of GUARANTEES.</summary>
public enum Invariant
{
    /// <summary>I1: acknowledged, and not in the final log.</summary>
    LostWrite,

    /// <summary>I2: delivered or stored, and never sent by that user with that text.</summary>
    Phantom,

    /// <summary>I3: an id twice, a seq twice, a hole in the log, or two messages seen in one place.</summary>
    Duplicate,

    /// <summary>I4: a connection's seqs are not +1 each.</summary>
    DeliveryOrder,

    /// <summary>I5: sent after another was acknowledged, and stands before it.</summary>
    RealTimeOrder,

    /// <summary>I6: pipelined sends of one connection stand in another order.</summary>
    SenderOrder,

    /// <summary>I7: a join's head is below what was acknowledged before it.</summary>
    StaleHead,

    /// <summary>I8: definitely failed, and in the log.</summary>
    FailedYetStored,

    /// <summary>I9: a connected member lacks the end of the log.</summary>
    NotConverged,

    /// <summary>I10: delivered after a leave was answered.</summary>
    AfterLeave,

    /// <summary>I11: delivered to somebody who is not in the room.</summary>
    Stranger,
}

/// <summary>A broken promise, and the events that show it.</summary>
public sealed record Violation(Invariant Invariant, string Message, params HistoryEvent[] Proof);

/// <summary>What a history says.</summary>
public sealed record Verdict(IReadOnlyList<Violation> Violations, int Sends, int Acked, int Failed, int Indeterminate, int Received, int Stored, int Faults)
{
    /// <summary>Whether all promises were kept.</summary>
    public bool IsClean => Violations.Count == 0;

    /// <summary>The figures, in one line; the first violations below.</summary>
    public override string ToString()
    {
        var figures = string.Create(
            CultureInfo.InvariantCulture,
            $"{Sends} messages sent, {Acked} acked, {Failed} failed, {Indeterminate} indeterminate, {Stored} stored, {Received} received, {Faults} faults, {Violations.Count} violations");
        return string.Join('\n', Violations.Take(10).Select(static violation => $"{violation.Invariant}: {violation.Message}").Prepend(figures));
    }
}
