using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using ChitChatz.Chaos.Checking;
using ChitChatz.Protocol;

namespace ChitChatz.Chaos.Clients;

/// <summary>
/// One WebSocket of version 2. Whatever comes is written into the history as it comes, before anybody makes sense of it; answers are
/// found by their ids. What is sent goes out in the order in which it was given.
/// </summary>
public sealed class RecordingConnection : IAsyncDisposable
{
    /// <summary>Frames that wait for the socket; beyond it the connection is cut, as a client does that cannot keep up with its user.</summary>
    private const int MaxOutbound = 16_384;

    private static int s_last;

    private readonly ClientWebSocket _socket = new();
    private readonly History _history;
    private readonly ConcurrentDictionary<string, Request> _requests = new();
    private readonly Channel<string> _outbound = Channel.CreateBounded<string>(new BoundedChannelOptions(MaxOutbound) { SingleReader = true });
    private readonly TaskCompletionSource<TimeSpan> _drain = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _reading = Task.CompletedTask;
    private Task _writing = Task.CompletedTask;
    private volatile bool _ended;
    private long _joinHead = long.MaxValue;

    private RecordingConnection(History history) => _history = history;

    /// <summary>Unique over all runs of the process.</summary>
    public int Number { get; } = Interlocked.Increment(ref s_last);

    /// <summary>The newest token.</summary>
    public string? Jwt { get; private set; }

    /// <summary>The room's name, while it is in one; and the place of the last message that came.</summary>
    public (string? Room, long Epoch, long Seq) Position { get; private set; }

    /// <summary>Messages that came, gaps included.</summary>
    public long Received { get; private set; }

    /// <summary>How often the server said that messages were skipped.</summary>
    public int Gaps { get; private set; }

    /// <summary>When all that the last join promised had come, in the history's time; 0 before.</summary>
    public long CaughtUpAt { get; private set; }

    /// <summary>True while nobody has ended it.</summary>
    public bool IsOpen => !_reading.IsCompleted;

    /// <summary>Ends with the connection.</summary>
    public Task Ended => _reading;

    /// <summary>Ends when the gateway says that it goes away; gives the time in which to go.</summary>
    public Task<TimeSpan> Drain => _drain.Task;

    /// <summary>Opens one. Throws <see cref="WebSocketException"/> where that fails.</summary>
    public static async Task<RecordingConnection> OpenAsync(Uri server, History history, CancellationToken cancellationToken)
    {
        RecordingConnection connection = new(history);
        try
        {
            await connection._socket.ConnectAsync(server, cancellationToken);
        }
        catch
        {
            connection._socket.Dispose();
            throw;
        }

        connection._reading = connection.ReadAsync();
        connection._writing = connection.WriteAsync();
        return connection;
    }

    /// <summary>What the history keeps of a text.</summary>
    public static string HashOf(string text) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)), 0, 8);

    /// <summary>Sends a request that bears an id; null when the connection ended before the answer came.</summary>
    public Task<JsonObject?> AskAsync(JsonObject request, CancellationToken cancellationToken)
    {
        TaskCompletionSource<JsonObject?> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Ask(request, frame => answer.TrySetResult(frame));
        return answer.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Sends a request that bears an id. The answer is given as it is read, before the next frame; null when there will be none.</summary>
    public void Ask(JsonObject request, Action<JsonObject?> onAnswer)
    {
        var id = (string)request["id"]!;
        _requests[id] = new Request((string)request["event"]!, _history.Now, (long?)request["after"]?["seq"] ?? -1, onAnswer);
        if (!_outbound.Writer.TryWrite(request.ToJsonString()))
            _socket.Abort();
        if (_ended)
            GiveUp();
    }

    /// <summary>Cuts it without a word.</summary>
    public async Task CutAsync()
    {
        _socket.Abort();
        await _reading;
    }

    public async ValueTask DisposeAsync()
    {
        await CutAsync();
        await _writing;
        _socket.Dispose();
    }

    private static bool IsEnd(Exception exception) =>
        exception is WebSocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException or IOException or JsonException;

    private async Task WriteAsync()
    {
        try
        {
            await foreach (var frame in _outbound.Reader.ReadAllAsync())
                await _socket.SendAsync(Encoding.UTF8.GetBytes(frame), WebSocketMessageType.Text, true, CancellationToken.None);
        }
        catch (Exception exception) when (IsEnd(exception))
        {
            // What was received before is still read.
        }
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (true)
            {
                var length = 0;
                ValueWebSocketReceiveResult read;
                do
                {
                    if (length == buffer.Length)
                        Array.Resize(ref buffer, buffer.Length * 2);
                    read = await _socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
                    length += read.Count;
                }
                while (!read.EndOfMessage);
                if (read.MessageType == WebSocketMessageType.Close)
                    return;
                Take(buffer.AsMemory(0, length));
            }
        }
        catch (Exception exception) when (IsEnd(exception))
        {
            // Over; a frame that was cut in the middle never came.
        }
        finally
        {
            _history.Add(new HistoryEvent(EventKind.Close, _history.Now) { Connection = Number });
            _outbound.Writer.TryComplete();
            _ended = true;
            GiveUp();
        }
    }

    private void GiveUp()
    {
        foreach (var id in _requests.Keys)
        {
            if (_requests.TryRemove(id, out var request))
                request.OnAnswer(null);
        }
    }

    private void Take(ReadOnlyMemory<byte> bytes)
    {
        using var document = JsonDocument.Parse(bytes);
        var root = document.RootElement;

        // Nearly all frames are messages; the rest may be read at leisure.
        if (root.GetProperty("event").ValueEquals(EventNames.Message))
        {
            if (root.TryGetProperty("jwt", out var jwt))
                Jwt = jwt.GetString();
            Receive(root.GetProperty("data"));
            return;
        }

        Take(JsonNode.Parse(bytes.Span)!.AsObject());
    }

    private void Take(JsonObject frame)
    {
        Jwt = (string?)frame["jwt"] ?? Jwt;
        Request? request = (string?)frame["id"] is { } id && _requests.TryRemove(id, out var asked) ? asked : null;
        switch ((string?)frame["event"])
        {
            case EventNames.Gap:
                Gaps++;
                var (from, to) = ((long)frame["data"]!["from"]!, (long)frame["data"]!["to"]!);
                _history.Add(new HistoryEvent(EventKind.Gap, _history.Now) { Connection = Number, Room = Position.Room, Seq = from, To = to });
                Received += to - from + 1;
                MoveTo(Position with { Seq = to });
                break;
            case EventNames.Register when request?.Event == EventNames.JoinRoom:
                Join(frame["data"]!, request);
                break;
            case EventNames.Register when request?.Event == EventNames.LeaveRoom:
                _history.Add(new HistoryEvent(EventKind.Leave, _history.Now) { Connection = Number, Room = Position.Room });
                Position = default;
                break;
            case EventNames.Drain:
                _drain.TrySetResult(TimeSpan.FromMilliseconds((int?)frame["data"]?["after_ms"] ?? 0));
                break;
        }

        request?.OnAnswer(frame);
    }

    private void Receive(JsonElement data)
    {
        Received++;
        var room = data.GetProperty("room") is var name && name.ValueEquals(Position.Room) ? Position.Room! : name.GetString()!;
        var (epoch, seq) = (data.GetProperty("epoch").GetInt64(), data.GetProperty("seq").GetInt64());
        _history.Add(new HistoryEvent(EventKind.Receive, _history.Now)
        {
            Connection = Number,
            Room = room,
            Epoch = epoch,
            Seq = seq,
            User = string.Intern(data.GetProperty("user").GetString()!),
            Id = data.TryGetProperty("id", out var id) ? id.GetString() : "",
            Hash = HashOf(data.GetProperty("content").GetString()!),
        });
        MoveTo((room, epoch, seq));
    }

    private void Join(JsonNode data, Request request)
    {
        var (room, epoch, head) = ((string)data["room"]!, (long)data["epoch"]!, (long)data["head"]!);
        var recovered = (bool)data["recovered"]!;
        _history.Add(new HistoryEvent(EventKind.Join, _history.Now)
        {
            Connection = Number,
            Room = room,
            Epoch = epoch,
            Head = head,
            Recovered = recovered,
            After = request.After,
            Since = request.At,
        });
        (_joinHead, CaughtUpAt) = (head, 0);
        MoveTo((room, epoch, recovered ? request.After : head));
    }

    private void MoveTo((string? Room, long Epoch, long Seq) position)
    {
        Position = position;
        if (CaughtUpAt == 0 && position.Seq >= _joinHead)
            CaughtUpAt = _history.Now;
    }

    private sealed record Request(string Event, long At, long After, Action<JsonObject?> OnAnswer);
}
