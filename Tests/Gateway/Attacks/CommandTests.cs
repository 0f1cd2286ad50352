using System.Text.Json.Nodes;
using ChitChatz.Tests.Support;

namespace ChitChatz.Tests.Gateway.Attacks;

/// <summary>THREATS P7, P10, J11, J12, J14: commands out of turn, names that mean something elsewhere, tokens that are not the sender's.</summary>
[Collection(AttackCollection.Name)]
public sealed class CommandTests(AttackedServer server)
{
    /// <summary>What means something to a store, a shell, a template, a terminal or a URL.</summary>
    public static TheoryData<string> Metacharacters =>
    [
        "'; DROP TABLE messages; --", "\" OR \"\"=\"", "a/b", "a+b", "a\\b", "../../etc/passwd", "%00", "%2e%2e%2f", "{0}", "{Connection}", "${jndi:ldap://x}",
        "$(reboot)", "`id`", "a:b", "a|b", "a*b", "#room", "@here", "<script>alert(1)</script>", "&lt;b&gt;", "[31m", "null", "undefined", "NaN", "true", "-1",
    ];

    [Theory, MemberData(nameof(Metacharacters))]
    public async Task P10_RoomAndText_WithMetacharacters_AreDataAndNothingElse(string text)
    {
        await using ChatClient eve = await ChatClient.RegisterAsync(server.Url, SharedStandalone.Unique("eve"));
        await using ChatClient fay = await ChatClient.RegisterAsync(server.Url, SharedStandalone.Unique("fay"));
        await eve.JoinAsync(text);
        await fay.JoinAsync(text);
        Assert.Equal(text, await eve.GetRoomAsync());
        Assert.Equal(text, (string?)fay.Claims()["room"]);
        await eve.SendAsync("get_rooms");
        await eve.ExpectRoomsAsync(rooms => rooms.Contains(text), $"a list with the room {text}");
        await eve.PostAsync(text);
        Assert.Equal(text, (await eve.ExpectMessageAsync()).Content);
        Assert.Equal(text, (await fay.ExpectMessageAsync()).Content);
        await eve.DisposeAsync();
        await fay.DisposeAsync();
        await server.AssertUnharmedAsync();
    }

    [Theory, MemberData(nameof(Metacharacters))]
    public async Task P10_Name_WithMetacharacters_IsShownAsItIsOrRefused(string name)
    {
        await using ChatClient eve = await ChatClient.ConnectAsync(server.Url);
        await eve.SendAsync(new JsonObject { ["event"] = "register", ["name"] = name });
        var answer = await eve.NextAsync("the answer to a register");
        if ((string?)answer["event"] == "error")
        {
            Assert.True((string?)answer["code"] is "bad_name" or "name_reserved", answer.ToJsonString());
        }
        else
        {
            Assert.Equal(name, (string?)eve.Claims()["name"]);
            await eve.JoinAsync(AttackedServer.Room);
            await eve.PostAsync("hello");
            Assert.Equal((name, "hello"), await server.Ann.ExpectMessageAsync());
            Assert.Equal((name, "hello"), await server.Bob.ExpectMessageAsync());
        }

        await eve.DisposeAsync();
        await server.AssertUnharmedAsync();
    }

    [Theory]
    [InlineData("a\0b")]
    [InlineData("a\r\nb")]
    [InlineData("a\u001b[31mb")]
    [InlineData("\u202Eb")]
    [InlineData("a\u200Bb")]
    public async Task P10_RoomAndName_WithControlsOrInvisibles_AreRefused(string name)
    {
        await using ChatClient eve = await ChatClient.RegisterAsync(server.Url, SharedStandalone.Unique("eve"));
        await eve.SendAsync(new JsonObject { ["event"] = "join_room", ["room"] = name });
        await eve.ExpectErrorAsync("bad_room");
        await eve.SendAsync(new JsonObject { ["event"] = "register", ["name"] = name });
        await eve.ExpectErrorAsync("bad_name");
        await eve.DisposeAsync();
        await server.AssertUnharmedAsync();
    }

    [Theory]
    [InlineData("message")]
    [InlineData("get_room")]
    [InlineData("get_rooms")]
    [InlineData("leave_room")]
    [InlineData("join_room")]
    public async Task P7_Command_BeforeARegister_IsRefusedAndTheConnectionStays(string @event)
    {
        await using RawWebSocket eve = await server.StrangerAsync();
        await eve.SendAsync(AttackedServer.Frame(@event, jwt: null, AttackedServer.Room));
        Assert.Equal("no_token", (string?)(await eve.ReadEventAsync("error"))["code"]);
        await eve.EnterAsync(SharedStandalone.Unique("eve"));
        eve.Reset();
        await server.AssertUnharmedAsync();
    }

    [Fact]
    public async Task P7_Commands_InOneWriteWithTheClose_TakeEffectInTheirOrder()
    {
        await using RawWebSocket eve = await server.MemberAsync();
        string name = (string)ChatClient.Decode(eve.Jwt!)["name"]!;
        await eve.SendAsync(
            AttackedServer.Frame("message", eve.Jwt, "last words"),
            AttackedServer.Frame("leave_room", eve.Jwt),
            AttackedServer.Frame("message", eve.Jwt, "not in the room any more"),
            RawWebSocket.Close(1000));
        Assert.Equal(1000, await eve.ReadToCloseAsync());
        Assert.Equal((name, "last words"), await server.Ann.ExpectMessageAsync());
        Assert.Equal((name, "last words"), await server.Bob.ExpectMessageAsync());
        await eve.ReadToEndAsync();
        await server.AssertUnharmedAsync();
    }

    [Fact]
    public async Task J12_Token_OfSomebodyElseOnAConnection_IsRefusedAndTheConnectionStaysItsOwn()
    {
        await using ChatClient eve = await ChatClient.RegisterAsync(server.Url, SharedStandalone.Unique("eve"));
        await eve.JoinAsync(AttackedServer.Room);
        foreach (string @event in (string[])["message", "get_room", "leave_room", "join_room"])
        {
            await eve.SendAsync(new JsonObject { ["event"] = @event, ["data"] = "in ann's name", ["jwt"] = server.Ann.Jwt });
            await eve.ExpectErrorAsync("identity_mismatch");
        }

        Assert.Equal(AttackedServer.Room, await eve.GetRoomAsync());
        await eve.DisposeAsync();
        await server.AssertUnharmedAsync();
    }

    [Fact]
    public async Task J14_Token_ThatSaysARoomAfterALeave_GivesNoRightThere()
    {
        await using ChatClient eve = await ChatClient.RegisterAsync(server.Url, SharedStandalone.Unique("eve"));
        await eve.JoinAsync(AttackedServer.Room);
        string inRoom = eve.Jwt!;
        await eve.LeaveAsync();
        await eve.SendAsync(new JsonObject { ["event"] = "message", ["data"] = "ghost", ["jwt"] = inRoom });
        await eve.ExpectErrorAsync("not_in_room");

        // Nor on a connection of its own: who left is not let in again for the token's sake.
        await eve.CloseAsync();
        await using ChatClient again = await ChatClient.ConnectAsync(server.Url);
        await again.SendAsync(new JsonObject { ["event"] = "message", ["data"] = "ghost", ["jwt"] = inRoom });
        await again.ExpectErrorAsync("not_in_room");
        Assert.Null((string?)again.Claims()["room"]);
        await again.DisposeAsync();
        await server.AssertUnharmedAsync();
    }

    [Theory]
    [InlineData("x")]
    [InlineData("a.b.c")]
    [InlineData("eyJhbGciOiJub25lIn0.eyJuYW1lIjoiYW5uIn0.")]
    [InlineData("{}")]
    public async Task J1J11_Token_WhenItIsNone_IsRefusedAndTheConnectionStays(string jwt)
    {
        await using ChatClient eve = await ChatClient.RegisterAsync(server.Url, SharedStandalone.Unique("eve"));
        await eve.SendAsync(new JsonObject { ["event"] = "get_room", ["jwt"] = jwt });
        await eve.ExpectErrorAsync("invalid_token");
        await eve.SendAsync(new JsonObject { ["event"] = "get_room", ["jwt"] = eve.Jwt![..^2] + "AA" });
        await eve.ExpectErrorAsync("invalid_token");
        await eve.SendAsync(new JsonObject { ["event"] = "get_room", ["jwt"] = new string('x', 3_000) });
        await eve.ExpectErrorAsync("invalid_token");
        Assert.Null(await eve.GetRoomAsync());
        await eve.DisposeAsync();
        await server.AssertUnharmedAsync();
    }
}
