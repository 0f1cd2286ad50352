using System.Text.Json.Nodes;
using ChitChatz.Tests.Support;

namespace ChitChatz.Tests.Gateway.Attacks;

/// <summary>Bad input is borne for a while, then no more (PROTOCOL, "Bad input").</summary>
[Collection(AttackCollection.Name)]
public sealed class ViolationTests(AttackedServer server)
{
    private const int Borne = 30;
    private const string LastWord = "chitchatz.gateway.refused too_many_violations";

    [Fact]
    public async Task Violations_WhenMoreThanAreBorneInAMinute_EndWithAWordAnd1008()
    {
        await using RawWebSocket eve = await server.MemberAsync();
        long counted = server.Levels[LastWord];
        await eve.SendAsync([.. Enumerable.Repeat(RawWebSocket.Text("nonsense"), Borne + 1)]);
        List<JsonObject> texts = [];
        Assert.Equal(1008, await eve.ReadToCloseAsync(texts));
        string?[] codes = [.. texts.Where(static text => (string?)text["event"] == "error").Select(static text => (string?)text["code"])];
        Assert.Equal([.. Enumerable.Repeat("bad_json", Borne + 1), "too_many_violations"], codes);
        Assert.Equal(counted + 1, server.Levels[LastWord]);
        eve.Reset();
        await server.AssertUnharmedAsync();
    }

    [Fact]
    public async Task Violations_WhenAsManyAsAreBorne_LeaveTheConnection()
    {
        await using RawWebSocket eve = await server.MemberAsync();
        await ViolateAsync(eve);
        server.Advance(61);
        await ViolateAsync(eve);
        await eve.SendAsync(AttackedServer.Frame("get_room", eve.Jwt));
        await eve.ReadEventAsync("room");
        eve.Reset();
        await server.AssertUnharmedAsync();
    }

    [Fact]
    public async Task OrdinaryRefusals_HoweverMany_AreNotCounted()
    {
        await using RawWebSocket eve = await server.StrangerAsync();
        await eve.EnterAsync(SharedStandalone.Unique("eve"));
        (byte[] Frame, string Code)[] refusals =
        [
            (AttackedServer.Frame("leave_room", eve.Jwt), "not_in_room"),
            (AttackedServer.Frame("message", eve.Jwt, "anyone?"), "not_in_room"),
            (AttackedServer.Frame("get_room", jwt: null), "no_token"),
            (AttackedServer.Frame("register", jwt: null, "ann"), "name_taken"),
            (AttackedServer.Frame("register", jwt: null, "\u202Eeve"), "bad_name"),
            (AttackedServer.Frame("join_room", eve.Jwt, "\u202Eroom"), "bad_room"),
        ];
        for (int i = 0; i < Borne + 10; i++)
        {
            (byte[] frame, string code) = refusals[i % refusals.Length];
            await eve.SendAsync(frame);
            Assert.Equal(code, (string?)(await eve.ReadEventAsync("error"))["code"]);
        }

        await eve.SendAsync(AttackedServer.Frame("get_room", eve.Jwt));
        await eve.ReadEventAsync("room");
        eve.Reset();
        await server.AssertUnharmedAsync();
    }

    private static async Task ViolateAsync(RawWebSocket eve)
    {
        await eve.SendAsync([.. Enumerable.Repeat(RawWebSocket.Text("nonsense"), Borne)]);
        for (int i = 0; i < Borne; i++)
        {
            Assert.Equal("bad_json", (string?)(await eve.ReadEventAsync("error"))["code"]);
        }
    }
}
