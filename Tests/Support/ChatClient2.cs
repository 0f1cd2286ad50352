using System.Text.Json.Nodes;

namespace ChitChatz.Tests.Support;

/// <summary>A client of version 2 for tests over a real socket: each request has an id, and its answer is found by that; everything else comes in its order.</summary>
internal sealed class ChatClient2(ChatClient connection) : IAsyncDisposable
{
    private readonly List<JsonObject> _pushed = [];
    private int _lastId;

    /// <summary>The connection below, for what is not a request.</summary>
    public ChatClient Connection => connection;

    /// <summary>Opens a connection and registers as version 2.</summary>
    public static async Task<ChatClient2> RegisterAsync(Uri server, string name, string? jwt = null, WireRecord? record = null)
    {
        ChatClient2 client = new(await ChatClient.ConnectAsync(server, record: record));
        JsonObject register = new() { ["event"] = "register", ["v"] = 2, ["name"] = name };
        if (jwt is not null)
        {
            register["jwt"] = jwt;
        }

        JsonObject answer = await client.AskAsync(register);
        Assert.True((string?)answer["event"] == "register", $"Expected 'register', got {answer.ToJsonString()}");
        return client;
    }

    /// <summary>Sends a request under a fresh id, or its own, and waits for its answer. What is pushed meanwhile is kept.</summary>
    public async Task<JsonObject> AskAsync(JsonObject request)
    {
        string id = (string?)request["id"] ?? $"q{++_lastId}";
        request["id"] = id;
        await connection.SendRawAsync(request.ToJsonString());
        return await AnswerAsync(id);
    }

    /// <summary>Waits for the answer to a request that was sent.</summary>
    public async Task<JsonObject> AnswerAsync(string id)
    {
        if (_pushed.Find(frame => IsAnswer(frame, id)) is { } early)
        {
            _pushed.Remove(early);
            return early;
        }

        while (true)
        {
            JsonObject frame = await connection.NextAsync($"the answer to '{id}'");
            if (IsAnswer(frame, id))
            {
                return frame;
            }

            _pushed.Add(frame);
        }
    }

    /// <summary>The next frame that answers nothing.</summary>
    public async Task<JsonObject> NextAsync(string missing)
    {
        if (_pushed.Count == 0)
        {
            return await connection.NextAsync(missing);
        }

        JsonObject frame = _pushed[0];
        _pushed.RemoveAt(0);
        return frame;
    }

    /// <summary>The next frame that answers nothing, which must be of this event.</summary>
    public async Task<JsonObject> ExpectAsync(string @event)
    {
        JsonObject frame = await NextAsync($"a frame '{@event}'");
        Assert.True((string?)frame["event"] == @event, $"Expected '{@event}', got {frame.ToJsonString()}");
        return frame["data"]!.AsObject();
    }

    /// <summary>Joins a room; the answer's data.</summary>
    public async Task<JsonObject> JoinAsync(string room, JsonObject? after = null)
    {
        JsonObject request = new() { ["event"] = "join_room", ["room"] = room };
        if (after is not null)
        {
            request["after"] = after;
        }

        JsonObject answer = await AskAsync(request);
        Assert.True((string?)answer["event"] == "register", $"Expected 'register', got {answer.ToJsonString()}");
        return answer["data"]!.AsObject();
    }

    /// <summary>Posts a text and waits for its answer.</summary>
    public Task<JsonObject> PostAsync(string text, string? id = null)
    {
        JsonObject request = new() { ["event"] = "message", ["data"] = text };
        if (id is not null)
        {
            request["id"] = id;
        }

        return AskAsync(request);
    }

    /// <summary>A place in the log, as requests spell it.</summary>
    public static JsonObject Position(long epoch, long seq) => new() { ["epoch"] = epoch, ["seq"] = seq };

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private static bool IsAnswer(JsonObject frame, string id) => (string?)frame["id"] == id;
}
