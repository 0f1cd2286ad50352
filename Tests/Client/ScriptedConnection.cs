using System.Buffers;
using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using ChitChatz.Protocol;
using Deadline = ChitChatz.Tests.Support.Deadline;
using ErrorCode = ChitChatz.Protocol.ErrorCode;

namespace ChitChatz.Tests.Client;

/// <summary>The server's end of a connection. Frames are written by the server's own writer, and each of the client's must be one that its reader takes.</summary>
internal sealed class ScriptedConnection(Uri address, WebSocket socket, Stream stream)
{
    public const long Epoch = 1_795_536_635_264;
    private bool _version2;

    /// <summary>Where the client thinks that it is.</summary>
    public Uri Address => address;

    public static string Token(string sub = "P571UGgtAD_hJkZCESRywA", int seconds = 3_600, string jti = "1")
    {
        var claims = new JsonObject { ["name"] = "ann", ["room"] = null, ["iat"] = 1_795_385_541, ["exp"] = 1_795_385_541 + seconds, ["sub"] = sub, ["jti"] = jti };
        return $"e30.{Convert.ToBase64String(Encoding.ASCII.GetBytes(claims.ToJsonString())).TrimEnd('=')}.c2ln";
    }

    /// <summary>The client's next frame, which must be of this event.</summary>
    public async Task<JsonObject> ExpectAsync(string @event)
    {
        var buffer = new byte[64 * 1024];
        var read = await Deadline.Within(socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken), $"a frame '{@event}' of the client");
        Assert.True(read.MessageType == WebSocketMessageType.Text, $"Instead of '{@event}' the client closed with {read.CloseStatus}.");
        Assert.Null(EventReader.Read(buffer.AsMemory(0, read.Count), 8_000, out var frame, _version2));
        _version2 |= frame.AsksForVersion2;
        Assert.True(_version2, "The client does not speak version 2.");
        var json = JsonNode.Parse(buffer.AsSpan(0, read.Count))!.AsObject();
        Assert.True((string?)json["event"] == @event, $"Expected '{@event}', got {json.ToJsonString()}");
        return json;
    }

    /// <summary>The client's close; gives its status.</summary>
    public async Task<int?> ExpectCloseAsync()
    {
        var read = await Deadline.Within(socket.ReceiveAsync(new byte[1024], TestContext.Current.CancellationToken), "the client's close");
        Assert.Equal(WebSocketMessageType.Close, read.MessageType);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, TestContext.Current.CancellationToken);
        return (int?)read.CloseStatus;
    }

    /// <summary>Waits until the client has cut it.</summary>
    public async Task ExpectCutAsync() =>
        await Assert.ThrowsAnyAsync<Exception>(async () => Assert.Fail($"The client sent {(await Deadline.Within(socket.ReceiveAsync(new byte[1024], TestContext.Current.CancellationToken), "the client's cut")).MessageType}."));

    public async Task SendAsync(Action<IBufferWriter<byte>> write)
    {
        ArrayBufferWriter<byte> output = new();
        write(output);
        await socket.SendAsync(output.WrittenMemory, WebSocketMessageType.Text, true, TestContext.Current.CancellationToken);
    }

    public async Task SendTextAsync(string text) =>
        await socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, TestContext.Current.CancellationToken);

    /// <summary>Takes a register and answers it.</summary>
    public async Task<JsonObject> WelcomeAsync(string? token = null)
    {
        var register = await ExpectAsync("register");
        await SendAsync(output => FrameWriter.Register(output, token ?? Token(), (string)register["id"]!));
        return register;
    }

    /// <summary>Takes a join and answers it.</summary>
    public async Task<JsonObject> LetInAsync(long head = 0, bool recovered = false, long epoch = Epoch, string room = "lobby")
    {
        var join = await ExpectAsync("join_room");
        await LetInAsync(join, room, head, recovered, epoch);
        return join;
    }

    public Task LetInAsync(JsonObject join, string room, long head = 0, bool recovered = false, long epoch = Epoch) =>
        SendAsync(output => FrameWriter.Register(output, room, epoch, head, recovered, Token(), (string)join["id"]!));

    public Task PushAsync(long seq, string? text = null, string? id = null, long epoch = Epoch) =>
        SendAsync(output => FrameWriter.Message(output, Message(seq, text, id, epoch), jwt: null));

    public Task AckAsync(JsonObject message, long seq, bool duplicate = false) =>
        SendAsync(output => FrameWriter.Ack(output, "lobby", Epoch, seq, 1_795_536_635_264, duplicate, (string)message["id"]!, jwt: null));

    public Task RefuseAsync(JsonObject request, ErrorCode code, TimeSpan? retryAfter = null) =>
        SendAsync(output => FrameWriter.Error(output, code.Error, retryAfter, (string)request["id"]!, jwt: null));

    /// <summary>Takes a request for history and answers with these messages.</summary>
    public async Task<JsonObject> ShowAsync(IEnumerable<long> seqs, bool more, long epoch = Epoch)
    {
        var request = await ExpectAsync("get_history");
        await SendAsync(output => FrameWriter.History(output, "lobby", epoch, seqs.Select(seq => Message(seq, null, null, epoch)), more, (string)request["id"]!, jwt: null));
        return request;
    }

    /// <summary>Breaks the line.</summary>
    public void Cut() => stream.Dispose();

    /// <summary>Closes in good order.</summary>
    public Task CloseAsync(CloseCode code) => socket.CloseOutputAsync((WebSocketCloseStatus)code.Status, code.Reason, TestContext.Current.CancellationToken);

    private static MessageFrame Message(long seq, string? text, string? id, long epoch) => new(
        "lobby", epoch, seq, 1_795_536_635_264 + seq, "bob", "bob's sub", id, Encoding.UTF8.GetBytes(text ?? seq.ToString(CultureInfo.InvariantCulture)));
}
