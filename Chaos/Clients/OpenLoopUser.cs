using System.Globalization;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using ChitChatz.Chaos.Checking;
using ChitChatz.Protocol;

namespace ChitChatz.Chaos.Clients;

/// <summary>
/// A person with one room whose messages come when they come, whether or not the ones before were acknowledged. As a good client does,
/// goes to the next gateway when a connection ends or swallows everything, says there once more, in order and with their ids, what was
/// not acknowledged, and asks for what it missed.
/// </summary>
public sealed class OpenLoopUser : IAsyncDisposable
{
    // A gateway answers within 8 s, if only by an error.
    private const long StaleMicroseconds = 10_000_000;
    private static readonly TimeSpan s_connect = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_answer = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);

    private readonly IReadOnlyList<Uri> _gateways;
    private readonly History _history;
    private readonly Traffic _traffic;
    private readonly Lock _gate = new();
    private readonly SortedDictionary<long, Pending> _pending = [];
    private readonly CancellationTokenSource _stop = new();
    private Task _living = Task.CompletedTask;
    private RecordingConnection? _connection;
    private RecordingConnection? _joined;
    private (long Epoch, long Seq)? _last;
    private string? _jwt;
    private string _sub = "";
    private long _lastId;
    private long _lostAt;
    private int _lostGateway;

    /// <param name="name">The person's name.</param>
    /// <param name="room">The room.</param>
    /// <param name="gateways">Where one can connect.</param>
    /// <param name="gateway">Which of them is the first to try.</param>
    /// <param name="history">Where everything is written down.</param>
    /// <param name="traffic">Where it is summed up.</param>
    public OpenLoopUser(string name, string room, IReadOnlyList<Uri> gateways, int gateway, History history, Traffic traffic)
    {
        (Name, Room, _gateways, Gateway, _history, _traffic) = (name, room, gateways, gateway, history, traffic);
    }

    /// <summary>The person's name.</summary>
    public string Name { get; }

    /// <summary>The room.</summary>
    public string Room { get; }

    /// <summary>Unacknowledged messages; further ones are not said. The default holds minutes of talk at any rate that we use.</summary>
    public int MaxPending { get; init; } = 4_096;

    /// <summary>The gateway that the person is on, or tries next.</summary>
    public int Gateway { get; private set; }

    /// <summary>The connection while it is in the room; null at other times.</summary>
    public RecordingConnection? Joined => _joined;

    /// <summary>How many messages are not acknowledged.</summary>
    public int Unacked
    {
        get
        {
            lock (_gate)
                return _pending.Count;
        }
    }

    /// <summary>Comes in, and back in whenever that is necessary, until disposed.</summary>
    public void Start() => _living = LiveAsync(_stop.Token);

    /// <summary>Says something; never waits.</summary>
    /// <param name="text">What.</param>
    /// <param name="due">When the schedule wanted it said.</param>
    public void Say(string text, long due)
    {
        lock (_gate)
        {
            if (_pending.Count >= MaxPending)
                return;
            var number = ++_lastId;
            var id = string.Create(CultureInfo.InvariantCulture, $"{Name}.{number}");
            var pending = new Pending(number, id, text, RecordingConnection.HashOf(text), _traffic.Add(new SentMessage(Room, Gateway, due)));
            _pending.Add(number, pending);
            if (_joined is { } joined)
                Try(joined, pending);
        }
    }

    /// <summary>Ends the person's connection, for good.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _living;
        await CloseAsync();
        _stop.Dispose();
    }

    private async Task LiveAsync(CancellationToken cancellationToken)
    {
        var pause = 10;
        try
        {
            while (true)
            {
                if (await TryEnterAsync(cancellationToken))
                {
                    pause = 10;
                    await WhileHereAsync(_connection!, cancellationToken);
                }
                else
                {
                    await Task.Delay(Random.Shared.Next(pause / 2, pause), cancellationToken);
                    pause = Math.Min(500, pause * 2);
                }

                await CloseAsync();
                Gateway = (Gateway + 1) % _gateways.Count;
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The run is over.
        }
    }

    private async Task WhileHereAsync(RecordingConnection connection, CancellationToken cancellationToken)
    {
        while (connection.IsOpen && !connection.Drain.IsCompleted)
        {
            await Task.WhenAny(connection.Ended, connection.Drain, Task.Delay(s_look, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
            if (IsStale(connection))
                break;
        }

        // Asked to go: after a random part of that time, so that not all come to the others at once.
        if (connection.IsOpen && connection.Drain.IsCompletedSuccessfully)
            await Task.WhenAny(connection.Ended, Task.Delay((await connection.Drain) * Random.Shared.NextDouble(), cancellationToken));
        (_lostAt, _lostGateway) = (_history.Now, Gateway);
    }

    private bool IsStale(RecordingConnection connection)
    {
        lock (_gate)
        {
            var since = _history.Now - StaleMicroseconds;
            return _pending.Values.Any(pending => pending.On == connection && pending.InFlight && pending.TriedAt < since);
        }
    }

    private async Task<bool> TryEnterAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(s_connect);
            _connection = await RecordingConnection.OpenAsync(_gateways[Gateway], _history, patience.Token);
            if (_jwt is null)
            {
                JsonObject register = new() { ["event"] = EventNames.Register, ["v"] = 2, ["id"] = "register", ["name"] = Name };
                await _connection.AskAsync(register, cancellationToken).WaitAsync(s_answer, cancellationToken);
                _jwt = _connection.Jwt;
                if (_jwt is null)
                    return false;
                _sub = Token.SubOf(_jwt);
            }

            JsonObject join = new() { ["event"] = EventNames.JoinRoom, ["v"] = 2, ["id"] = "join", ["jwt"] = _jwt, ["room"] = Room };
            if (_last is { } last)
                join["after"] = new JsonObject { ["epoch"] = last.Epoch, ["seq"] = last.Seq };
            var answer = await _connection.AskAsync(join, cancellationToken).WaitAsync(s_answer, cancellationToken);
            if ((string?)answer?["event"] != EventNames.Register)
                return false;
            Enter(_connection, answer!["data"]!);
            return true;
        }
        catch (Exception exception) when (exception is WebSocketException or SocketException or IOException or TimeoutException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return false;
        }
    }

    private void Enter(RecordingConnection connection, JsonNode data)
    {
        if (_lostAt > 0)
        {
            var missed = _last is { } last ? (long)data["head"]! - last.Seq : 0;
            _traffic.Add(new Comeback(Room, _lostGateway, _lostAt, _history.Now, (bool)data["recovered"]!, missed, connection));
            _lostAt = 0;
        }

        lock (_gate)
        {
            _joined = connection;
            foreach (var pending in _pending.Values.ToArray())
                Try(connection, pending);
        }
    }

    private async Task CloseAsync()
    {
        if (_connection is not { } old)
            return;

        lock (_gate)
            _joined = null;
        await old.DisposeAsync();
        _connection = null;
        _jwt = old.Jwt ?? _jwt;
        if (old.Position.Room is not null)
            _last = (old.Position.Epoch, old.Position.Seq);
    }

    // Under the lock, so that the history has them in the order in which the connection has them.
    private void Try(RecordingConnection connection, Pending pending)
    {
        (pending.On, pending.InFlight, pending.TriedAt) = (connection, true, _history.Now);
        var send = new HistoryEvent(EventKind.Send, pending.TriedAt)
        {
            Connection = connection.Number,
            User = _sub,
            Room = Room,
            Id = pending.Id,
            Hash = pending.Hash,
        };
        _history.Add(send);
        connection.Ask(
            new JsonObject { ["event"] = EventNames.Message, ["id"] = pending.Id, ["data"] = pending.Text },
            answer => OnAnswer(connection, pending, send, answer));
    }

    private void OnAnswer(RecordingConnection connection, Pending pending, HistoryEvent send, JsonObject? answer)
    {
        var known = send with { At = _history.Now, Hash = null };
        if ((string?)answer?["event"] == EventNames.Ack)
        {
            var data = answer!["data"]!;
            _history.Add(known with { Kind = EventKind.Ok, Epoch = (long)data["epoch"]!, Seq = (long)data["seq"]! });
            _traffic.Ack(pending.Sent, known.At);
            Forget(pending);
            return;
        }

        if (answer is null)
        {
            _history.Add(known with { Kind = EventKind.Info });
            return;
        }

        var code = (string)answer["code"]!;
        _traffic.Refuse(code, answer["retry_after_ms"] is not null);
        if ((bool)answer["retry"]!)
        {
            _history.Add(known with { Kind = EventKind.Info });
            _ = RepeatAsync(connection, pending, (int?)answer["retry_after_ms"] ?? 100);
        }
        else
        {
            _history.Add(known with { Kind = EventKind.Fail, Code = code });
            Forget(pending);
        }
    }

    private void Forget(Pending pending)
    {
        lock (_gate)
            _pending.Remove(pending.Number);
    }

    private async Task RepeatAsync(RecordingConnection connection, Pending pending, int milliseconds)
    {
        lock (_gate)
            pending.InFlight = false;
        await Task.Delay(milliseconds);
        lock (_gate)
        {
            // A new connection has said it again already.
            if (_joined == connection && pending.On == connection && !pending.InFlight && _pending.ContainsKey(pending.Number))
                Try(connection, pending);
        }
    }

    private sealed record Pending(long Number, string Id, string Text, string Hash, SentMessage Sent)
    {
        public RecordingConnection? On { get; set; }

        public bool InFlight { get; set; }

        public long TriedAt { get; set; }
    }
}
