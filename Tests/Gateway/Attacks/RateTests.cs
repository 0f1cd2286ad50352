using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using ChitChatz.Tests.Support;

namespace ChitChatz.Tests.Gateway.Attacks;

/// <summary>THREATS F13, F14, P11-P13: floods of connections, registrations, joins, rooms and messages, from addresses behind a proxy.</summary>
public sealed class RateTests(RateTests.Server server) : IClassFixture<RateTests.Server>
{
    private const int Open = 3;
    private const int Burst = 5;
    private const int Registrations = 2;
    private const int Joins = 6;
    private const int NewRooms = 2;
    private const int MessagesPerSecond = 50;
    private const int MessagesBurst = 20;

    [Fact]
    public async Task F13_Connections_OfOneAddress_AreBoundedAndNobodyElseIsHurt()
    {
        List<RawWebSocket> open = [];
        for (int i = 0; i < Open; i++)
        {
            open.Add(await RawWebSocket.ConnectAsync(server.Url, From("203.0.113.1")));
        }

        await using RawWebSocket tooMany = new();
        string head = await tooMany.HandshakeAsync(server.Url, From("203.0.113.1"));
        Assert.StartsWith("HTTP/1.1 429 ", head, StringComparison.Ordinal);
        Assert.Contains("\r\nRetry-After: ", head, StringComparison.Ordinal);
        await using RawWebSocket other = await RawWebSocket.ConnectAsync(server.Url, From("203.0.113.2"));
        await server.TalkAsync();

        open.ForEach(static socket => socket.Reset());
        other.Reset();
        tooMany.Reset();
        await server.AssertUnharmedAsync();
        await using RawWebSocket again = await RawWebSocket.ConnectAsync(server.Url, From("203.0.113.1"));
        again.Reset();
        await server.AssertUnharmedAsync();
    }

    [Fact]
    public async Task F14_Connections_WhenAnAddressReconnectsTooFast_AreToldWhenToComeBack()
    {
        int refused = 0;
        for (int i = 0; i < 3 * Burst; i++)
        {
            await using RawWebSocket storm = new();
            string head = await storm.HandshakeAsync(server.Url, From("203.0.113.3"));
            refused += head.StartsWith("HTTP/1.1 429 ", StringComparison.Ordinal) && head.Contains("\r\nRetry-After: ", StringComparison.Ordinal) ? 1 : 0;
            storm.Reset();
            await server.TalkAsync();
        }

        Assert.True(refused >= Burst, $"{refused} of {3 * Burst} connections in a row were refused");
        await server.AssertUnharmedAsync();
    }

    [Fact]
    public async Task Registrations_OfOneAddress_WhenTooMany_AreRefusedAndTheConnectionStays()
    {
        await using RawWebSocket eve = await RawWebSocket.ConnectAsync(server.Url, From("203.0.113.4"));
        for (int i = 0; i < Registrations; i++)
        {
            await eve.EnterAsync(SharedStandalone.Unique("eve"));
        }

        await eve.SendAsync(AttackedServer.Frame("register", jwt: null, SharedStandalone.Unique("eve")));
        Assert.Equal("rate_limited", (string?)(await eve.ReadEventAsync("error"))["code"]);
        await AssertStaysAsync(eve, room: null);
    }

    [Fact]
    public async Task P12_Joins_WhenTooMany_AreRefusedAndTheConnectionStaysWhereItIs()
    {
        await using RawWebSocket eve = await EnterAsync("203.0.113.5");
        string room = AttackedServer.Room;
        bool refused = false;
        for (int i = 0; i < 2 * Joins && !refused; i++)
        {
            string next = i % 2 == 0 ? "there" : AttackedServer.Room;
            await eve.SendAsync(AttackedServer.Frame("join_room", eve.Jwt, next));
            JsonObject answer = await NextAsync(eve);
            refused = (string?)answer["event"] == "error";
            Assert.True(!refused || (string?)answer["code"] == "rate_limited", answer.ToJsonString());
            room = refused ? room : next;
        }

        Assert.True(refused, $"{2 * Joins} joins in a row were not refused");
        await AssertStaysAsync(eve, room);
    }

    [Fact]
    public async Task P12_JoinsOfTheSameRoom_AsVersion2_CountToo()
    {
        await using RawWebSocket eve = await RawWebSocket.ConnectAsync(server.Url, From("203.0.113.15"));
        await eve.SendAsync(RawWebSocket.Text(new JsonObject { ["event"] = "register", ["v"] = 2, ["name"] = SharedStandalone.Unique("eve") }));
        await eve.ReadEventAsync("register");

        // Each of them has the log read: for its head, and for what the position leaves out.
        bool refused = false;
        for (int i = 0; i < 2 * Joins && !refused; i++)
        {
            JsonObject join = new() { ["event"] = "join_room", ["id"] = $"j{i}", ["room"] = AttackedServer.Room, ["after"] = ChatClient2.Position(1, 0) };
            JsonObject answer = await AskAsync(eve, join);
            refused = (string?)answer["event"] == "error";
            Assert.True(!refused || (string?)answer["code"] == "rate_limited", answer.ToJsonString());
        }

        Assert.True(refused, $"{2 * Joins} joins in a row were not refused");
        JsonObject where = await AskAsync(eve, new JsonObject { ["event"] = "get_room", ["id"] = "where" });
        Assert.Equal(AttackedServer.Room, (string?)where["data"]);
    }

    [Fact]
    public async Task P13_NewRooms_WhenTooMany_AreRefusedAndOldOnesAreOpen()
    {
        await using RawWebSocket eve = await RawWebSocket.ConnectAsync(server.Url, From("203.0.113.6"));
        await eve.EnterAsync(SharedStandalone.Unique("eve"));
        string room = "";
        for (int i = 0; i < NewRooms; i++)
        {
            room = SharedStandalone.Unique("room");
            await eve.SendAsync(AttackedServer.Frame("join_room", eve.Jwt, room));
            await eve.ReadEventAsync("register");
        }

        await eve.SendAsync(AttackedServer.Frame("join_room", eve.Jwt, SharedStandalone.Unique("room")));
        Assert.Equal("rate_limited", (string?)(await eve.ReadEventAsync("error"))["code"]);
        await eve.SendAsync(AttackedServer.Frame("get_room", eve.Jwt));
        Assert.Equal(room, (string?)(await eve.ReadEventAsync("room"))["data"]);
        await eve.SendAsync(AttackedServer.Frame("join_room", eve.Jwt, AttackedServer.Room));
        await eve.ReadEventAsync("register");
        await AssertStaysAsync(eve, AttackedServer.Room);
    }

    [Fact]
    public async Task P11_Messages_BeyondTheirRate_AreReadMoreSlowlyAndNoneIsLost()
    {
        await using RawWebSocket eve = await EnterAsync("203.0.113.7");
        const int count = MessagesBurst + MessagesPerSecond;
        long started = Stopwatch.GetTimestamp();
        await eve.SendAsync([.. Enumerable.Range(0, count).Select(i => AttackedServer.Frame("message", eve.Jwt, i.ToString(CultureInfo.InvariantCulture)))]);
        for (int i = 0; i < count; i++)
        {
            string expected = i.ToString(CultureInfo.InvariantCulture);
            Assert.Equal(expected, (await server.Ann.ExpectMessageAsync()).Content);
            Assert.Equal(expected, (await server.Bob.ExpectMessageAsync()).Content);
            Assert.Equal(expected, (string?)(await eve.ReadEventAsync("message"))["data"]!["content"]);
        }

        TimeSpan taken = Stopwatch.GetElapsedTime(started);
        Assert.True(taken > TimeSpan.FromSeconds(0.9), $"{count} messages at once were taken within {taken}");
        await AssertStaysAsync(eve, AttackedServer.Room);
    }

    private static string From(string address) => $"X-Forwarded-For: {address}\r\n";

    private async Task<RawWebSocket> EnterAsync(string address)
    {
        RawWebSocket eve = await RawWebSocket.ConnectAsync(server.Url, From(address));
        await eve.EnterAsync(SharedStandalone.Unique("eve"), AttackedServer.Room);
        return eve;
    }

    private static async Task<JsonObject> NextAsync(RawWebSocket eve)
    {
        while (true)
        {
            JsonObject frame = await eve.ReadJsonAsync();
            if ((string?)frame["event"] != "rooms")
            {
                return frame;
            }
        }
    }

    private static async Task<JsonObject> AskAsync(RawWebSocket eve, JsonObject request)
    {
        await eve.SendAsync(RawWebSocket.Text(request));
        while (true)
        {
            JsonObject frame = await eve.ReadJsonAsync();
            if ((string?)frame["id"] == (string?)request["id"])
            {
                return frame;
            }
        }
    }

    private async Task AssertStaysAsync(RawWebSocket eve, string? room)
    {
        await eve.SendAsync(AttackedServer.Frame("get_room", eve.Jwt));
        Assert.Equal(room, (string?)(await eve.ReadEventAsync("room"))["data"]);
        eve.Reset();
        await server.AssertUnharmedAsync();
    }

    /// <summary>Behind a proxy that it trusts, with rates that a test can reach.</summary>
    public sealed class Server : AttackedServer
    {
        protected override string[] Settings =>
        [
            "--Gateway:TrustedProxies:0=127.0.0.1",
            $"--Limits:ConnectionsPerIp={Open}",
            "--Limits:NewConnectionsPerSecondPerIp=1", $"--Limits:NewConnectionsBurstPerIp={Burst}",
            "--Limits:RegistrationsPerMinute=1", $"--Limits:RegistrationsBurst={Registrations}",
            "--Limits:JoinsPerSecond=1", $"--Limits:JoinsBurst={Joins}",
            $"--Limits:NewRoomsPerMinute={NewRooms}",
            $"--Limits:MessagesPerSecond={MessagesPerSecond}", $"--Limits:MessagesBurst={MessagesBurst}",
        ];
    }
}
