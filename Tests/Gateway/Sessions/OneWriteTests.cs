using System.Text.Json.Nodes;
using ChitChatz.Tests.Support;

namespace ChitChatz.Tests.Gateway.Sessions;

/// <summary>Messages and what ends their room, all in one TCP write: what was sent before counts.</summary>
public sealed class OneWriteTests(SharedStandalone server)
{
    private static readonly string[] s_texts = ["1", "2", "3", "4", "5"];

    [Fact]
    public async Task Messages_ThenALeave_AreAllPostedAndEchoedBeforeItsAnswer()
    {
        (RawWebSocket ann, string jwt, ChatClient bob) = await TwoInARoomAsync();

        await ann.SendAsync([.. Messages(jwt), RawWebSocket.Text(new JsonObject { ["event"] = "leave_room", ["jwt"] = jwt })]);

        await ExpectAllAsync(bob);
        foreach (string text in s_texts)
        {
            Assert.Equal(text, (string?)(await ann.ReadEventAsync("message"))["data"]!["content"]);
        }

        JsonObject answer = await ann.ReadEventAsync("register");
        Assert.Null((string?)ChatClient.Decode((string)answer["jwt"]!)["room"]);
    }

    [Fact]
    public async Task Messages_ThenAJoinOfAnotherRoom_AreAllPostedAndEchoedBeforeItsAnswer()
    {
        (RawWebSocket ann, string jwt, ChatClient bob) = await TwoInARoomAsync();
        string other = SharedStandalone.Unique("other");

        await ann.SendAsync([.. Messages(jwt), RawWebSocket.Text(new JsonObject { ["event"] = "join_room", ["room"] = other, ["jwt"] = jwt })]);

        await ExpectAllAsync(bob);
        foreach (string text in s_texts)
        {
            Assert.Equal(text, (string?)(await ann.ReadEventAsync("message"))["data"]!["content"]);
        }

        JsonObject answer = await ann.ReadEventAsync("register");
        Assert.Equal(other, (string?)ChatClient.Decode((string)answer["jwt"]!)["room"]);
    }

    [Fact]
    public async Task Messages_ThenAClose_AreAllPosted()
    {
        (RawWebSocket ann, string jwt, ChatClient bob) = await TwoInARoomAsync();

        await ann.SendAsync([.. Messages(jwt), RawWebSocket.Close(1000)]);

        await ExpectAllAsync(bob);
        Assert.Equal(1000, await ann.ReadToCloseAsync());
    }

    [Fact]
    public async Task Messages_ThenTheEndOfTheStream_AreAllPosted()
    {
        (RawWebSocket ann, string jwt, ChatClient bob) = await TwoInARoomAsync();
        string room = (string)bob.Claims()["room"]!;
        JsonObject elsewhere = new() { ["event"] = "join_room", ["room"] = SharedStandalone.Unique("elsewhere"), ["jwt"] = jwt };
        JsonObject back = new() { ["event"] = "join_room", ["room"] = room, ["jwt"] = jwt };

        // While she goes there and back, the end of what she sends is already here, and her messages are not read yet.
        await ann.SendAsync([RawWebSocket.Text(elsewhere), RawWebSocket.Text(back), .. Messages(jwt)]);
        ann.EndSending();

        await ExpectAllAsync(bob);
    }

    private static IEnumerable<byte[]> Messages(string jwt)
        => s_texts.Select(text => RawWebSocket.Text(new JsonObject { ["event"] = "message", ["data"] = text, ["jwt"] = jwt }));

    private static async Task ExpectAllAsync(ChatClient member)
    {
        foreach (string text in s_texts)
        {
            Assert.Equal(text, (await member.ExpectMessageAsync()).Content);
        }
    }

    private async Task<(RawWebSocket Ann, string Jwt, ChatClient Bob)> TwoInARoomAsync()
    {
        Uri url = await server.WebSocketAsync();
        string room = SharedStandalone.Unique("room");
        ChatClient bob = await ChatClient.RegisterAsync(url, SharedStandalone.Unique("bob"));
        await bob.JoinAsync(room);
        RawWebSocket ann = await RawWebSocket.ConnectAsync(url);
        return (ann, await ann.EnterAsync(SharedStandalone.Unique("ann"), room), bob);
    }
}
