using System.Text;

namespace ChitChatz.Benchmarks;

/// <summary>
/// One user in one room, speaking version 1 of the protocol: registers, joins, sends, and checks that the messages of
/// each sender of its room come in order, each once.
/// </summary>
internal sealed class Member
{
    private readonly LoadRun _run;
    private readonly string _name;
    private readonly string _room;
    private readonly int _firstSender;
    private readonly uint[] _next; // by sender of this room: the sequence number that must come now
    private Connection? _connection;
    private ClientFrame? _message;
    private bool _registered;
    private bool _closing;

    /// <param name="run">Whose member it is.</param>
    /// <param name="index">Over all rooms; the first of each room are its senders.</param>
    public Member(LoadRun run, int index)
    {
        var shape = run.Options.Shape;
        var (room, place) = (index / shape.Members, index % shape.Members);
        _run = run;
        _name = $"{run.Tag}m{index}";
        _room = $"{run.Tag}r{room}";
        _firstSender = room * shape.Senders;
        _next = new uint[shape.Senders];
        Sender = place < shape.Senders ? _firstSender + place : null;
    }

    /// <summary>Its number among all senders; null for one that only listens.</summary>
    public int? Sender { get; }

    /// <summary>Messages sent so far.</summary>
    public uint Sent { get; private set; }

    public bool IsGone => _connection is { IsClosed: true };

    public void OnOpen(Connection connection)
    {
        _connection = connection;
        connection.Queue(ClientFrame.Register(_name).Bytes);
    }

    public void OnText(ReadOnlySpan<byte> json, long now)
    {
        if (json.StartsWith("{\"event\":\"message\""u8))
            OnMessage(json, now);
        else if (json.StartsWith("{\"event\":\"register\""u8))
            OnRegister(json);
        else if (json.StartsWith("{\"event\":\"error\""u8))
            _run.Faults.Add($"{_name}: the server said {Encoding.UTF8.GetString(json)}");
    }

    public void OnClosed(string why)
    {
        if (!_closing)
            _run.Faults.Add($"{_name}: connection lost, {why}");
    }

    /// <summary>Queues the next message; <see cref="Flush"/> or the end of the current read sends it.</summary>
    /// <param name="sentAt">The time that its latency counts from: now, or when the schedule wanted it.</param>
    public void Send(long sentAt)
    {
        _message!.SetText(Sender!.Value, Sent++, sentAt);
        _connection!.Queue(_message.Bytes);
        _run.Measurement.CountSend(sentAt);
    }

    public void Flush() => _connection!.Flush();

    /// <summary>Says good-bye; the server ends the connection.</summary>
    public void Leave()
    {
        _closing = true;
        _connection?.Queue(ClientFrame.Close().Bytes);
        _connection?.Flush();
    }

    /// <summary>Messages of its room's senders that have not come, given how many each has sent.</summary>
    public long Missing(ReadOnlySpan<Member> senders)
    {
        var missing = 0L;
        for (var i = 0; i < _next.Length; i++)
            missing += senders[_firstSender + i].Sent - _next[i];

        return missing;
    }

    public override string ToString() => _name;

    private void OnMessage(ReadOnlySpan<byte> json, long now)
    {
        var content = json.IndexOf("\"content\":\""u8);
        if (content < 0 || !MessageText.TryRead(json[(content + 11)..], out var sender, out var sequence, out var sentAt)
            || (uint)(sender - _firstSender) >= (uint)_next.Length)
        {
            _run.Faults.Add($"{_name}: not a message of this room: {Encoding.UTF8.GetString(json)}");
            return;
        }

        ref var next = ref _next[sender - _firstSender];
        if (sequence != next)
            _run.Faults.Add($"{_name}: from sender {sender} came {sequence} when {next} was due: {(sequence < next ? "doubled or late" : "lost or early")}");

        next = Math.Max(next, sequence + 1);
        _run.Measurement.CountDelivery(sentAt, now);
        if (sender == Sender)
            _run.OnEcho(this);
    }

    // The same answer stands for register and for join_room.
    private void OnRegister(ReadOnlySpan<byte> json)
    {
        var jwt = json[(json.IndexOf("\"jwt\":\""u8) + 7)..];
        var token = Encoding.ASCII.GetString(jwt[..jwt.IndexOf((byte)'"')]);
        if (!_registered)
        {
            _registered = true;
            _connection!.Queue(ClientFrame.Join(_room, token).Bytes);
            return;
        }

        _message = Sender is null ? null : ClientFrame.Message(token);
        _run.OnJoined();
    }
}
