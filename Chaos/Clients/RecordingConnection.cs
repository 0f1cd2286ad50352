using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChitChatz.Chaos.Checking;
using ChitChatz.Protocol;

namespace ChitChatz.Chaos.Clients;

/// <summary>
/// One WebSocket of version 2. Whatever comes is written into the history as it comes, before anybody makes sense of it; answers are
/// found by their ids.
/// </summary>
public sealed class RecordingConnection : IAsyncDisposable
{
    private static int s_last;

    private readonly ClientWebSocket _socket = new();
    private readonly History _history;
    private readonly SemaphoreSlim _sending = new(1);
    private readonly ConcurrentDictionary<string, Request> _requests = new();
    private Task _reading = Task.CompletedTask;

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

    /// <summary>True while nobody has ended it.</summary>
    public bool IsOpen => !_reading.IsCompleted;

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
        return connection;
    }

    /// <summary>What the history keeps of a text.</summary>
    public static string HashOf(string text) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)), 0, 8);

    /// <summary>Sends a request that bears an id; null when the connection ended before the answer came.</summary>
    public async Task<JsonObject?> AskAsync(JsonObject request, CancellationToken cancellationToken)
    {
        var id = (string)request["id"]!;
        Request asked = new((string)request["event"]!, _history.Now, (long?)request["after"]?["seq"] ?? -1);
        _requests[id] = asked;
        try
        {
            await _sending.WaitAsync(cancellationToken);
            try
            {
                await _socket.SendAsync(Encoding.UTF8.GetBytes(request.ToJsonString()), WebSocketMessageType.Text, true, cancellationToken);
            }
            finally
            {
                _sending.Release();
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested
            && exception is WebSocketException or ObjectDisposedException or InvalidOperationException or IOException or OperationCanceledException)
        {
            // What was received before is still read.
        }

        await Task.WhenAny(asked.Answer.Task, _reading).WaitAsync(cancellationToken);
        _requests.TryRemove(id, out _);
        return asked.Answer.Task.IsCompleted ? await asked.Answer.Task : null;
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
        _socket.Dispose();
        _sending.Dispose();
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
                Take(JsonNode.Parse(buffer.AsSpan(0, length))!.AsObject());
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or ObjectDisposedException or IOException or JsonException)
        {
            // Over; a frame that was cut in the middle never came.
        }
        finally
        {
            _history.Add(new HistoryEvent(EventKind.Close, _history.Now) { Connection = Number });
        }
    }

    private void Take(JsonObject frame)
    {
        Jwt = (string?)frame["jwt"] ?? Jwt;
        Request? request = (string?)frame["id"] is { } id && _requests.TryGetValue(id, out var asked) ? asked : null;
        switch ((string?)frame["event"])
        {
            case EventNames.Message:
                Receive(frame["data"]!);
                break;
            case EventNames.Gap:
                Gaps++;
                var (from, to) = ((long)frame["data"]!["from"]!, (long)frame["data"]!["to"]!);
                _history.Add(new HistoryEvent(EventKind.Gap, _history.Now) { Connection = Number, Room = Position.Room, Seq = from, To = to });
                Received += to - from + 1;
                Position = Position with { Seq = to };
                break;
            case EventNames.Register when request?.Event == EventNames.JoinRoom:
                Join(frame["data"]!, request);
                break;
            case EventNames.Register when request?.Event == EventNames.LeaveRoom:
                _history.Add(new HistoryEvent(EventKind.Leave, _history.Now) { Connection = Number, Room = Position.Room });
                Position = default;
                break;
        }

        request?.Answer.TrySetResult(frame);
    }

    private void Receive(JsonNode data)
    {
        Received++;
        var (room, epoch, seq) = ((string)data["room"]!, (long)data["epoch"]!, (long)data["seq"]!);
        _history.Add(new HistoryEvent(EventKind.Receive, _history.Now)
        {
            Connection = Number,
            Room = room,
            Epoch = epoch,
            Seq = seq,
            User = (string)data["user"]!,
            Id = (string?)data["id"] ?? "",
            Hash = HashOf((string)data["content"]!),
        });
        Position = (room, epoch, seq);
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
        Position = (room, epoch, recovered ? request.After : head);
    }

    private sealed record Request(string Event, long At, long After)
    {
        public TaskCompletionSource<JsonObject> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
