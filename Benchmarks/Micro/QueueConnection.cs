using ChitChatz.Gateway.Connections;
using ChitChatz.Gateway.Limits;
using ChitChatz.Gateway.Rooms;
using ChitChatz.Gateway.Transport;
using ChitChatz.Grains.Abstractions;
using ChitChatz.Protocol;

namespace ChitChatz.Benchmarks.Micro;

/// <summary>A member of version 2 whose outbound queue is the real one; its writes end in a <see cref="Wire"/>.</summary>
internal sealed class QueueConnection(long number, Wire wire) : IRoomConnection
{
    private const int Capacity = 1024 * 1024;

    private readonly OutboundQueue _outbound = new(
        new WebSocketTransport(wire, new TokenBucket(RateLimit.Off, TimeProvider.System), TimeProvider.System), Capacity, static _ => { });

    public long Number => number;

    public bool WantsToken => false;

    public bool IsVersion2 => true;

    public bool IsDrained => _outbound.Bytes < Capacity / 2;

    public bool IsEmpty => _outbound.Bytes == 0;

    /// <summary>Runs when a text of this connection has its outcome.</summary>
    public Action Done { get; set; } = static () => { };

    public void Send(OutboundFrame frame)
    {
        if (!TrySend(frame))
            throw new InvalidOperationException("The queue is full.");
    }

    public bool TrySend(OutboundFrame frame) => _outbound.TryEnqueue(frame, Capacity / 8);

    public bool IsSender(string sub) => false;

    public bool IsNamed(string? name) => false;

    public string IssueToken(string? room) => "";

    public string? IssueJoinToken(string roomName) => null;

    public OutboundFrame[] AnswerJoin(in JoinAnswer answer) => [];

    public Member AsMember() => new(number, Samples.Sub, Samples.Name);

    public void OnDraftDone(Draft draft, in DraftResult result)
    {
        if (result.Outcome != DraftOutcome.Stored)
            throw new InvalidOperationException($"{result.Outcome}");
        Done();
    }
}
