using System.Text;
using ChitChatz.Benchmarks.Sockets;
using ChitChatz.Benchmarks.Wires;

namespace ChitChatz.Benchmarks.Scenarios;

/// <summary>
/// One user in one room, who checks that the messages of each sender of the room come in order, each once. Who goes out and comes back
/// misses what was said meanwhile: everything that was sent after the server let them in must come, from there on without a hole.
/// </summary>
internal sealed class Member : IMember
{
    // In the place of a number in _latestStart: the answer to the join is not there yet; the first message was there.
    private const uint Unknown = uint.MaxValue;
    private const uint Started = uint.MaxValue - 1;

    private readonly LoadRun _run;
    private readonly int _firstSender;
    private readonly uint[] _next; // by sender of this room: the sequence number that must come now
    private uint[]? _latestStart; // by sender, after coming back and before its first message: the number that may not be missed any more
    private Connection? _connection;
    private State _state = State.Entering;
    private bool _closing;

    /// <param name="run">Whose member it is.</param>
    /// <param name="index">Over all rooms; the first of each room are its senders.</param>
    public Member(LoadRun run, int index)
    {
        var shape = run.Options.Shape;
        var (room, place) = (index / shape.Members, index % shape.Members);
        _run = run;
        Index = index;
        Name = $"{run.Tag}m{index}";
        Room = $"{run.Tag}r{room}";
        _firstSender = room * shape.Senders;
        _next = new uint[shape.Senders];
        Sender = place < shape.Senders ? _firstSender + place : null;
        Wire = run.Wire.New(this);
    }

    private enum State
    {
        Entering,
        Inside,
        Leaving,
        Outside,
    }

    /// <summary>Its number among all members.</summary>
    public int Index { get; }

    public string Name { get; }

    public string Room { get; }

    /// <summary>Its number among all senders; null for one that only listens.</summary>
    public int? Sender { get; }

    public Wire Wire { get; }

    /// <summary>Messages sent so far.</summary>
    public uint Sent { get; private set; }

    /// <summary>Makes a connection; the wire goes into the room by itself.</summary>
    public Connection Dial(EventLoop loop, Uri url)
    {
        _closing = false;
        _state = State.Entering;
        return _connection = Connection.Dial(loop, url, this);
    }

    public void OnClosed(string why)
    {
        if (!_closing)
            _run.Faults.Add($"{Name}: connection lost, {why}");
    }

    /// <summary>Queues the next message; <see cref="Flush"/> or the end of the current read sends it.</summary>
    /// <param name="sentAt">The time that its latency counts from: now, or when the schedule wanted it.</param>
    public void Send(long sentAt)
    {
        Wire.Send(Sender!.Value, Sent++, sentAt);
        _run.Measurement.CountSend(sentAt);
    }

    public void Flush() => _connection!.Flush();

    /// <summary>Queues the wish to go out of the room, or back in; <see cref="Flush"/> sends it. False while the last one has no answer.</summary>
    public bool TryMove()
    {
        if (_state is State.Entering or State.Leaving)
            return false;

        if (_state == State.Inside)
        {
            _state = State.Leaving;
            Wire.Leave();
        }
        else
        {
            _state = State.Entering;
            _latestStart = new uint[_next.Length];
            _latestStart.AsSpan().Fill(Unknown);
            Wire.Join();
        }

        return true;
    }

    /// <summary>Says good-bye; the server ends the connection.</summary>
    public void Leave()
    {
        _closing = true;
        _connection?.Queue(ClientFrame.Close().Bytes);
        _connection?.Flush();
    }

    /// <summary>Ends the connection without a word.</summary>
    public void HangUp() => _connection?.Dispose();

    /// <summary>Messages of its room's senders that must come and have not, and 1 for an answer that has not.</summary>
    public long Missing(ReadOnlySpan<Member> senders)
    {
        if (_state != State.Inside)
            return _state == State.Outside ? 0 : 1;

        var missing = 0L;
        for (var i = 0; i < _next.Length; i++)
        {
            var sent = senders[_firstSender + i].Sent;
            missing += sent - (IsNew(i) ? Math.Min(sent, _latestStart![i]) : _next[i]);
        }

        return missing;
    }

    public override string ToString() => Name;

    void IMember.OnJoined()
    {
        _state = State.Inside;
        for (var i = 0; _latestStart is not null && i < _latestStart.Length; i++)
        {
            if (_latestStart[i] == Unknown)
                _latestStart[i] = _run.Senders[_firstSender + i].Sent;
        }

        _run.OnJoined();
    }

    void IMember.OnLeft() => _state = State.Outside;

    void IMember.OnRefused(string what)
    {
        // SignalR answers a good-bye with words of its own.
        if (!_closing)
            _run.Faults.Add($"{Name}: the server said {what}");
    }

    void IMember.OnHistory(ReadOnlySpan<byte> page, long now) => _run.OnHistory(this, page, now);

    void IMember.OnMessage(ReadOnlySpan<byte> text, long now)
    {
        if (!MessageText.TryRead(text, out var sender, out var sequence, out var sentAt) || (uint)(sender - _firstSender) >= (uint)_next.Length)
        {
            _run.Faults.Add($"{Name}: not a message of this room: {Encoding.UTF8.GetString(text)}");
            return;
        }

        if (_state == State.Outside)
        {
            if (Wire.IsQuietAfterLeave)
                _run.Faults.Add($"{Name}: message {sequence} of sender {sender} came after the room was left");
            return;
        }

        ref var next = ref _next[sender - _firstSender];
        if (_latestStart is not null)
            StartAt(sender - _firstSender, sequence);
        if (sequence != next)
            _run.Faults.Add($"{Name}: from sender {sender} came {sequence} when {next} was due: {(sequence < next ? "doubled or late" : "lost or early")}");

        next = Math.Max(next, sequence + 1);
        _run.Measurement.CountDelivery(sentAt, now);
        if (sender == Sender)
            _run.OnEcho(this);
    }

    // A sender's first message after coming back: how far its numbers may jump is known then.
    private void StartAt(int sender, uint sequence)
    {
        if (!IsNew(sender))
            return;

        if (sequence > _next[sender] && sequence <= _latestStart![sender])
            _next[sender] = sequence;

        _latestStart![sender] = Started;
    }

    private bool IsNew(int sender) => _latestStart is not null && _latestStart[sender] != Started;
}
