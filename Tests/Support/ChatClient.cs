using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace ChitChatz.Tests.Support;

/// <summary>
/// A version 1 client for tests over a real socket: keeps the newest token, sends it with every frame, and sorts what comes:
/// pushes of the room list on one side, everything else in its order on the other.
/// </summary>
internal sealed class ChatClient : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly Channel<JsonObject> _frames = Channel.CreateUnbounded<JsonObject>();
    private readonly Channel<string[]> _rooms = Channel.CreateUnbounded<string[]>();
    private readonly TaskCompletionSource<(int? Status, string? Reason)> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _reading = Task.CompletedTask;
    private WireRecord? _record;

    /// <summary>The newest token.</summary>
    public string? Jwt { get; set; }

    /// <summary>Ends with the status of the server's close frame, or null when the connection just broke.</summary>
    public Task<(int? Status, string? Reason)> Closed => _closed.Task;

    /// <summary>Ends when nothing more can come, however the connection ended.</summary>
    public Task Ended => _reading;

    public ClientWebSocket Socket => _socket;

    /// <summary>Opens a connection.</summary>
    public static async Task<ChatClient> ConnectAsync(Uri server, Action<ClientWebSocketOptions>? configure = null, WireRecord? record = null)
    {
        ChatClient client = new() { _record = record };
        configure?.Invoke(client._socket.Options);
        await Deadline.Within(client._socket.ConnectAsync(server, TestContext.Current.CancellationToken), "the WebSocket handshake");
        client._reading = client.ReadAsync();
        return client;
    }

    /// <summary>Opens a connection and registers.</summary>
    public static async Task<ChatClient> RegisterAsync(Uri server, string name, string? jwt = null)
    {
        ChatClient client = await ConnectAsync(server);
        await client.RegisterAsync(name, jwt);
        return client;
    }

    /// <summary>Opens a connection that has a token and has not registered.</summary>
    public static async Task<ChatClient> WithTokenAsync(Uri server, string jwt)
    {
        ChatClient client = await ConnectAsync(server);
        client.Jwt = jwt;
        return client;
    }

    /// <summary>Registers and waits for the answer.</summary>
    public async Task RegisterAsync(string name, string? jwt = null)
    {
        await AskToRegisterAsync(name, jwt);
        await ExpectAsync("register");
    }

    /// <summary>Sends a register; the answer is the caller's to expect.</summary>
    public Task AskToRegisterAsync(string name, string? jwt = null)
        => SendAsync(jwt is null
            ? new JsonObject { ["event"] = "register", ["name"] = name }
            : new JsonObject { ["event"] = "register", ["name"] = name, ["jwt"] = jwt });

    /// <summary>Sends a frame, with the newest token unless it has one or is a register.</summary>
    public Task SendAsync(JsonObject frame)
    {
        if (Jwt is not null && !frame.ContainsKey("jwt") && (string?)frame["event"] != "register")
        {
            frame["jwt"] = Jwt;
        }

        return SendRawAsync(frame.ToJsonString());
    }

    public Task SendAsync(string @event) => SendAsync(new JsonObject { ["event"] = @event });

    /// <summary>Posts a text.</summary>
    public Task PostAsync(string text) => SendAsync(new JsonObject { ["event"] = "message", ["data"] = text });

    /// <summary>Sends any text as a frame.</summary>
    public Task SendRawAsync(string text)
    {
        _record?.Sent(this, text);
        return SendRawAsync(Encoding.UTF8.GetBytes(text));
    }

    public async Task SendRawAsync(ReadOnlyMemory<byte> bytes, WebSocketMessageType type = WebSocketMessageType.Text, bool end = true)
        => await _socket.SendAsync(bytes, type, end, TestContext.Current.CancellationToken);

    /// <summary>Joins a room and waits until it is in.</summary>
    public async Task JoinAsync(string room)
    {
        await SendAsync(new JsonObject { ["event"] = "join_room", ["room"] = room });
        await ExpectAsync("register");
    }

    /// <summary>Leaves and waits for the answer.</summary>
    public async Task LeaveAsync()
    {
        await SendAsync("leave_room");
        await ExpectAsync("register");
    }

    /// <summary>The next frame that is no room list.</summary>
    public Task<JsonObject> NextAsync(string missing) => Deadline.Within(_frames.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask(), missing);

    /// <summary>The next frame that is no room list, which must be of this event.</summary>
    public async Task<JsonObject> ExpectAsync(string @event)
    {
        JsonObject frame = await NextAsync($"a frame '{@event}'");
        Assert.True((string?)frame["event"] == @event, $"Expected '{@event}', got {frame.ToJsonString()}");
        return frame;
    }

    /// <summary>The next message.</summary>
    public async Task<(string From, string Content)> ExpectMessageAsync()
    {
        JsonNode data = (await ExpectAsync("message"))["data"]!;
        return ((string)data["from"]!, (string)data["content"]!);
    }

    /// <summary>The next error, which must have this code.</summary>
    public async Task<JsonObject> ExpectErrorAsync(string code)
    {
        JsonObject frame = await ExpectAsync("error");
        Assert.Equal(code, (string?)frame["code"]);
        Assert.NotEmpty(frame["data"]!.AsArray());
        return frame;
    }

    /// <summary>The first room list, pushed or asked for, that is as wanted; earlier ones are read over.</summary>
    public async Task<string[]> ExpectRoomsAsync(Func<string[], bool> wanted, string missing)
    {
        while (true)
        {
            string[] rooms = await Deadline.Within(_rooms.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask(), missing);
            if (wanted(rooms))
            {
                return rooms;
            }
        }
    }

    /// <summary>Asks where it is; also a way to know that everything sent before was handled.</summary>
    public async Task<string?> GetRoomAsync()
    {
        await SendAsync("get_room");
        return (string?)(await ExpectAsync("room"))["data"];
    }

    /// <summary>Asks for the rooms.</summary>
    public async Task<string[]> GetRoomsAsync()
    {
        await SendAsync("get_rooms");
        return await ExpectRoomsAsync(static _ => true, "the answer to get_rooms");
    }

    /// <summary>All frames that are no room lists, until the connection ends.</summary>
    public IAsyncEnumerable<JsonObject> ReadToEndAsync() => _frames.Reader.ReadAllAsync(TestContext.Current.CancellationToken);

    /// <summary>Whether a frame that is no room list has come and was not read.</summary>
    public bool HasUnread => _frames.Reader.TryPeek(out _);

    /// <summary>The claims of the newest token, decoded as existing clients do it: the plain alphabet of base64, not that of URLs.</summary>
    public JsonObject Claims() => Decode(Jwt!);

    public static JsonObject Decode(string jwt)
    {
        string payload = jwt.Split('.')[1];
        return JsonNode.Parse(Convert.FromBase64String(payload.PadRight((payload.Length + 3) / 4 * 4, '=')))!.AsObject();
    }

    /// <summary>Closes in good order.</summary>
    public async Task CloseAsync()
    {
        await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, TestContext.Current.CancellationToken);
        await Deadline.Within(Closed, "the server's answer to a close");
    }

    /// <summary>Cuts the connection without a word.</summary>
    public async Task CutAsync()
    {
        _socket.Abort();
        await _reading;
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Abort();
        await _reading;
        _socket.Dispose();
    }

    private async Task ReadAsync()
    {
        byte[] buffer = new byte[256 * 1024];
        try
        {
            while (true)
            {
                int length = 0;
                ValueWebSocketReceiveResult read;
                do
                {
                    if (length == buffer.Length)
                    {
                        Array.Resize(ref buffer, buffer.Length * 2);
                    }

                    read = await _socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
                    length += read.Count;
                }
                while (!read.EndOfMessage);
                if (read.MessageType == WebSocketMessageType.Close)
                {
                    _closed.TrySetResult(((int?)_socket.CloseStatus, _socket.CloseStatusDescription));
                    if (_socket.State == WebSocketState.CloseReceived)
                    {
                        await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
                    }

                    return;
                }

                Sort(JsonNode.Parse(buffer.AsSpan(0, length))!.AsObject());
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or ObjectDisposedException or JsonException)
        {
            // The connection is over, by either side.
        }
        finally
        {
            _closed.TrySetResult((null, null));
            _frames.Writer.TryComplete();
            _rooms.Writer.TryComplete();
        }
    }

    private void Sort(JsonObject frame)
    {
        _record?.Received(this, frame);
        if ((string?)frame["jwt"] is { } jwt)
        {
            Jwt = jwt;
        }

        if ((string?)frame["event"] == "rooms")
        {
            _rooms.Writer.TryWrite([.. frame["data"]!.AsArray().Select(static name => (string)name!)]);
        }
        else
        {
            _frames.Writer.TryWrite(frame);
        }
    }
}
