using System.Text.Json.Nodes;
using ChitChatz.Tests.Support;

namespace ChitChatz.Tests.Gateway;

/// <summary>What version 1 promises about rooms and messages, over real sockets.</summary>
public sealed class RoomTests(SharedStandalone server)
{
    public static TheoryData<string> Spellings =>
    [
        """{"event":"join_room","room":"$"}""",
        """{"event":"join_room","room_name":"$"}""",
        """{"event":"join_room","roomId":"$"}""",
        """{"event":"join_room","data":"$"}""",
        """{"EVENT":"join_room","Room":"$"}""",
    ];

    public static TheoryData<string> SpellingsInsideData =>
    [
        """{"event":"join_room","data":{"room":"$"}}""",
        """{"event":"join_room","data":{"name":"$"}}""",
        """{"event":"join_room","data":{"room_name":"$"}}""",
    ];

    public static TheoryData<string> Texts =>
    [
        "hi", "<b>&\"é😀'\\", "a\u2028b\u2029c", "tab\tnewline\nreturn\r", "\u0001\u001f\u007f", "👩‍👩‍👧‍👦 ❤️", "می‌خواهم", " space ", "{\"event\":\"message\"}",
    ];

    [Theory, MemberData(nameof(Spellings))]
    public async Task Join_HoweverSpelled_IsAnsweredByRegister(string frame)
    {
        Uri url = await server.WebSocketAsync();
        string room = SharedStandalone.Unique("room");
        await using ChatClient ann = await ChatClient.RegisterAsync(url, SharedStandalone.Unique("ann"));
        await ann.SendAsync(JsonNode.Parse(frame.Replace("$", room, StringComparison.Ordinal))!.AsObject());
        JsonObject answer = await ann.ExpectAsync("register");
        Assert.Equal("{}", answer["data"]!.ToJsonString());
        Assert.Equal(room, (string?)ann.Claims()["room"]);
        Assert.Equal(room, await ann.GetRoomAsync());
    }

    [Theory, MemberData(nameof(SpellingsInsideData))]
    public async Task Join_SpelledInsideData_IsAnsweredByRegisterAndRoom(string frame)
    {
        Uri url = await server.WebSocketAsync();
        string room = SharedStandalone.Unique("room");
        await using ChatClient ann = await ChatClient.RegisterAsync(url, SharedStandalone.Unique("ann"));
        await ann.SendAsync(JsonNode.Parse(frame.Replace("$", room, StringComparison.Ordinal))!.AsObject());
        await ann.ExpectAsync("register");
        Assert.Equal(room, (string?)(await ann.ExpectAsync("room"))["data"]);
    }

    [Theory, MemberData(nameof(Texts))]
    public async Task Message_WithAnyText_ArrivesByteForByte(string text)
    {
        (ChatClient ann, ChatClient bob) = await TwoInARoomAsync();
        await ann.PostAsync(text);
        Assert.Equal(text, (await ann.ExpectMessageAsync()).Content);
        Assert.Equal(text, (await bob.ExpectMessageAsync()).Content);
    }

    [Theory]
    [InlineData("""{"event":"message","data":"$"}""")]
    [InlineData("""{"event":"message","content":"$"}""")]
    [InlineData("""{"event":"message","text":"$"}""")]
    [InlineData("""{"event":"message","message":"$"}""")]
    [InlineData("""{"event":"message","data":{"content":"$"}}""")]
    public async Task Message_HoweverSpelled_Arrives(string frame)
    {
        (ChatClient ann, ChatClient bob) = await TwoInARoomAsync();
        await ann.SendAsync(JsonNode.Parse(frame.Replace("$", "hello", StringComparison.Ordinal))!.AsObject());
        Assert.Equal(((string?)ann.Claims()["name"], "hello"), await bob.ExpectMessageAsync());
    }

    [Fact]
    public async Task Messages_OfOneSender_ArriveInTheOrderSent()
    {
        (ChatClient ann, ChatClient bob) = await TwoInARoomAsync();
        for (int i = 0; i < 300; i++)
        {
            await ann.PostAsync(i.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        for (int i = 0; i < 300; i++)
        {
            string expected = i.ToString(System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal(expected, (await bob.ExpectMessageAsync()).Content);
            Assert.Equal(expected, (await ann.ExpectMessageAsync()).Content);
        }
    }

    [Fact]
    public async Task Messages_OfManySenders_ReachAllMembersInOneOrder()
    {
        (ChatClient ann, ChatClient bob) = await TwoInARoomAsync();
        await Task.WhenAll(PostHundredAsync(ann, "a"), PostHundredAsync(bob, "b"));
        List<string> seenByAnn = [];
        List<string> seenByBob = [];
        for (int i = 0; i < 200; i++)
        {
            seenByAnn.Add((await ann.ExpectMessageAsync()).Content);
            seenByBob.Add((await bob.ExpectMessageAsync()).Content);
        }

        Assert.Equal(seenByAnn, seenByBob);
    }

    [Fact]
    public async Task Message_WhenNotAMember_IsNotSeen()
    {
        (ChatClient ann, ChatClient bob) = await TwoInARoomAsync();
        (ChatClient cid, ChatClient dan) = await TwoInARoomAsync();
        await ann.PostAsync("for bob");
        await bob.ExpectMessageAsync();
        await cid.PostAsync("for dan");

        // What dan sees first is his own room's; everything of the other one was long delivered.
        Assert.Equal("for dan", (await dan.ExpectMessageAsync()).Content);
        Assert.False(dan.HasUnread);
    }

    [Fact]
    public async Task Message_WithoutARoom_IsRefused()
    {
        await using ChatClient ann = await ChatClient.RegisterAsync(await server.WebSocketAsync(), SharedStandalone.Unique("ann"));
        await ann.PostAsync("anyone?");
        await ann.ExpectErrorAsync("not_in_room");
        Assert.Null(await ann.GetRoomAsync());
    }

    [Fact]
    public async Task Message_NamingAnotherRoom_IsRefused()
    {
        (ChatClient ann, ChatClient bob) = await TwoInARoomAsync();
        await ann.SendAsync(new JsonObject { ["event"] = "message", ["data"] = "x", ["room"] = "elsewhere" });
        await ann.ExpectErrorAsync("wrong_room");
        await ann.SendAsync(new JsonObject { ["event"] = "message", ["data"] = "here", ["room"] = (string?)ann.Claims()["room"] });
        Assert.Equal("here", (await bob.ExpectMessageAsync()).Content);
    }

    [Fact]
    public async Task Join_OfAnotherRoom_LeavesTheFirst()
    {
        (ChatClient ann, ChatClient bob) = await TwoInARoomAsync();
        await ann.JoinAsync(SharedStandalone.Unique("other"));
        await bob.PostAsync("gone?");
        await bob.ExpectMessageAsync();
        await ann.PostAsync("alone");
        Assert.Equal("alone", (await ann.ExpectMessageAsync()).Content);
    }

    [Fact]
    public async Task Join_OfTheSameRoomTwice_ChangesNothing()
    {
        (ChatClient ann, ChatClient bob) = await TwoInARoomAsync();
        await ann.JoinAsync((string)ann.Claims()["room"]!);
        await bob.PostAsync("once");
        Assert.Equal("once", (await ann.ExpectMessageAsync()).Content);
        Assert.NotNull(await ann.GetRoomAsync());
        Assert.False(ann.HasUnread);
    }

    [Fact]
    public async Task Join_SpelledInAnotherCase_IsTheSameRoomUnderItsFirstName()
    {
        Uri url = await server.WebSocketAsync();
        string room = SharedStandalone.Unique("Room");
        await using ChatClient ann = await ChatClient.RegisterAsync(url, SharedStandalone.Unique("ann"));
        await using ChatClient bob = await ChatClient.RegisterAsync(url, SharedStandalone.Unique("bob"));
        await ann.JoinAsync(room);
        await bob.JoinAsync(room.ToUpperInvariant() + " ");
        Assert.Equal(room, await bob.GetRoomAsync());
        await ann.PostAsync("hi");
        Assert.Equal("hi", (await bob.ExpectMessageAsync()).Content);
    }

    [Fact]
    public async Task Leave_Twice_IsRefusedTheSecondTime()
    {
        (ChatClient ann, _) = await TwoInARoomAsync();
        await ann.LeaveAsync();
        await ann.SendAsync("leave_room");
        await ann.ExpectErrorAsync("not_in_room");
    }

    [Fact]
    public async Task OldToken_AfterALeave_GivesNoRightToPost()
    {
        (ChatClient ann, ChatClient bob) = await TwoInARoomAsync();
        string inRoom = ann.Jwt!;
        await ann.LeaveAsync();
        await ann.SendAsync(new JsonObject { ["event"] = "message", ["data"] = "ghost", ["jwt"] = inRoom });
        await ann.ExpectErrorAsync("not_in_room");
        await bob.PostAsync("quiet");
        Assert.Equal("quiet", (await bob.ExpectMessageAsync()).Content);
    }

    private static async Task PostHundredAsync(ChatClient client, string prefix)
    {
        for (int i = 0; i < 100; i++)
        {
            await client.PostAsync(prefix + i);
        }
    }

    private async Task<(ChatClient First, ChatClient Second)> TwoInARoomAsync()
    {
        Uri url = await server.WebSocketAsync();
        string room = SharedStandalone.Unique("room");
        ChatClient first = await ChatClient.RegisterAsync(url, SharedStandalone.Unique("ann"));
        ChatClient second = await ChatClient.RegisterAsync(url, SharedStandalone.Unique("bob"));
        await first.JoinAsync(room);
        await second.JoinAsync(room);
        return (first, second);
    }
}
