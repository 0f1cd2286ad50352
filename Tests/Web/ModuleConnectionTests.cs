using System.Text.Json;
using ChitChatz.Protocol;
using Xunit;

namespace ChitChatz.Tests.Web;

/// <summary>How chitchatz.js holds its connection, its token and its name; in virtual time, as <see cref="ModuleTests"/>.</summary>
public sealed class ModuleConnectionTests(WebServerFixture server, BrowserFixture browser) : ModuleTest(server, browser)
{
    [Fact]
    public async Task Connection_WhenTheServerStaysAway_IsTriedAfterGrowingPausesWithChance()
    {
        var pauses = await RunAsync<double[]>("""
            const { time, server, chat, enter } = await stage(ChitChatz);
            await enter();
            server.crash();
            const pauses = [];
            for (let i = 0; i < 10; i++) {
              pauses.push(chat.retryAt - Date.now());
              await time.advance(chat.retryAt - Date.now() + 1);
              await time.advance(1);
            }
            return pauses;
            """);

        Assert.All(pauses.Select(static (pause, i) => (pause, ceiling: Math.Min(30_000, 500 * Math.Pow(2, i)))), static each => Assert.InRange(each.pause, (each.ceiling / 2) - 1, each.ceiling + 1));
        Assert.NotEqual(pauses[^1], pauses[^2]);
    }

    [Fact]
    public async Task Pauses_WhenSomebodyDoesNotWait_BeginAnew()
    {
        var pause = await RunAsync<double>("""
            const { time, server, chat, enter } = await stage(ChitChatz);
            await enter();
            server.crash();
            for (let i = 0; i < 10; i++) await time.advance(chat.retryAt - Date.now() + 2);
            chat.retryNow();
            await time.advance(2);
            return chat.retryAt - Date.now();
            """);

        Assert.InRange(pause, 0, 501);
    }

    /// <summary>The server is there again, and somebody is back at the page or asks for the room: then it is tried as soon as the server lets it.</summary>
    [Theory]
    [InlineData("chat.wake()")]
    [InlineData("chat.retryNow()")]
    [InlineData("chat.join('lobby')")]
    public async Task Join_WhenItWasRefusedForNow_IsTriedAgainAtOnceWhenSomebodyDoesNotWait(string act)
    {
        var result = await RunAsync<JsonElement>($$"""
            const { time, server, chat } = await stage(ChitChatz);
            chat.signIn("Ann");
            await time.advance(100);
            server.instead.join_room = (frame, socket) => (server.refuse(socket, frame, "unavailable", { retry: true, retry_after_ms: 1000 }), true);
            chat.join("lobby").catch(() => {});
            await time.advance(60_000);
            const tries = () => server.socket.sent.filter(({ event }) => event === "join_room").length;
            let before = tries();
            while (tries() === before) await time.advance(10);
            delete server.instead.join_room;
            before = tries();
            await time.advance(10);
            {{act}};
            await time.advance(980);
            const tooSoon = tries() - before;
            await time.advance(100);
            return { tooSoon, tries: tries() - before, room: chat.room };
            """);

        AssertJson("""{"tooSoon":0,"tries":1,"room":"lobby"}""", result);
    }

    /// <summary>A server with a lower limit says that a frame is too large, not which, and ends the connection.</summary>
    [Fact]
    public async Task Message_ThatThisServerFindsTooLarge_FailsAndHoldsUpNothing()
    {
        var result = await RunAsync<JsonElement>("""
            const { time, server, chat, enter } = await stage(ChitChatz);
            await enter();
            server.instead.message = (frame, socket) => frame.data.length > 9_000 && (socket.say({ event: "error", code: "too_large", data: ["Too large"], retry: false }), setTimeout(() => socket.die(1009), 2), true);
            const [long, fine] = ["x".repeat(10_000), "fine"].map((text) => chat.send(text));
            await time.advance(10_000);
            return { states: [long, fine].map(({ state, error }) => error?.code ?? state), log: server.log("lobby"), opened: server.opened.length, state: chat.state };
            """);

        AssertJson("""{"states":["too_large","sent"],"log":["fine"],"opened":2,"state":"online"}""", result);
    }

    [Fact]
    public async Task Drain_WhenAnnounced_MovesWithinThatTimeAndKeepsTheName()
    {
        var result = await RunAsync<JsonElement>("""
            const { time, server, events, chat, enter } = await stage(ChitChatz);
            await enter();
            const states = [];
            chat.on("state", () => states.push(chat.state));
            server.socket.say({ event: "drain", data: { after_ms: 2000 } });
            await time.advance(2100);
            chat.send("moved");
            await time.advance(100);
            return { opened: server.opened.length, closedWith: server.opened[0].closedWith, offline: states.includes("offline"), state: chat.state, room: chat.room, log: server.log("lobby"), drain: events.some(([type]) => type === "drain") };
            """);

        AssertJson("""{"opened":2,"closedWith":4000,"offline":false,"state":"online","room":"lobby","log":["moved"],"drain":true}""", result);
    }

    [Fact]
    public async Task Token_WhenItsLifeIsMostlyGone_IsRefreshedAndKept()
    {
        var result = await RunAsync<JsonElement>("""
            const { time, server, storage, chat, enter } = await stage(ChitChatz, { lifetime: 3600 });
            await enter();
            const before = chat.tokenExpiresAt.getTime();
            await time.advance(3600_000 * 0.7);
            const refreshed = server.socket.sent.filter(({ event }) => event === "refresh").length;
            return { refreshed, later: chat.tokenExpiresAt - before > 0, kept: JSON.parse(storage.getItem("chitchatz.session")).jwt === server.token(server.socket) || Math.round((chat.tokenExpiresAt - before) / 3600_000 * 10) / 10, opened: server.opened.length };
            """);

        AssertJson("""{"refreshed":1,"later":true,"kept":0.6,"opened":1}""", result);
    }

    [Fact]
    public async Task Token_WhenItHasExpired_ProvesThePersonToARegistration()
    {
        var result = await RunAsync<JsonElement>("""
            const { time, server, chat, enter } = await stage(ChitChatz);
            await enter();
            server.crash();
            server.instead.join_room = (frame, socket) => frame.jwt && (server.refuse(socket, frame, "token_expired"), true);
            server.start();
            await time.advance(60_000);
            return { frames: server.socket.sent.map(({ event, jwt }) => `${event}${jwt ? " with token" : ""}`), state: chat.state, room: chat.room };
            """);

        AssertJson("""{"frames":["join_room with token","register with token","get_rooms","join_room","get_room"],"state":"online","room":"lobby"}""", Without(result));
    }

    [Fact]
    public async Task Name_WhenRefused_IsAStateUntilAnotherOneIsGiven()
    {
        var result = await RunAsync<JsonElement>("""
            const { time, server, chat } = await stage(ChitChatz);
            server.instead.register = (frame, socket) => frame.name === "ann" && (server.refuse(socket, frame, "name_taken", { retry: true }), true);
            const refused = chat.signIn("ann").catch(({ code }) => code);
            await time.advance(60_000);
            const first = [chat.state, chat.reason.code, await refused, server.opened.length];
            const accepted = chat.signIn("bob");
            await time.advance(10);
            return { first, second: [chat.state, chat.reason, (await accepted).name] };
            """);

        AssertJson("""{"first":["refused","name_taken","name_taken",1],"second":["online",null,"bob"]}""", result);
    }

    [Fact]
    public async Task Line_WhenItIsDeadWithoutKnowing_IsFoundOutByAskingAndReplaced()
    {
        var result = await RunAsync<JsonElement>("""
            const { time, server, chat, enter } = await stage(ChitChatz);
            await enter();
            server.sockets.clear();
            const reasons = [];
            chat.on("state", () => chat.reason && reasons.push(chat.reason.message));
            await time.advance(45_000 + 15_000 + 2_000);
            return { opened: server.opened.length, closedWith: server.opened[0].closedWith, reason: reasons[0], state: chat.state, room: chat.room };
            """);

        AssertJson("""{"opened":2,"closedWith":4000,"reason":"The server does not answer.","state":"online","room":"lobby"}""", result);
    }

    [Fact]
    public async Task CloseCodes_WhenReceived_BringTheClientBackAsTheTableSays()
    {
        var codes = JsonSerializer.Serialize(CloseCodes.All.Select(static code => new { code.Status, code.Reconnect }));
        var wrong = await RunAsync<string[]>($$"""
            const wrong = [];
            for (const { Status: code, Reconnect: back } of {{codes}}) {
              const { time, server, chat, enter } = await stage(ChitChatz);
              await enter();
              server.socket.die(code, "why");
              const state = chat.state;
              await time.advance(60_000);
              if (state !== (back ? "offline" : "refused") || chat.state !== (back ? "online" : "refused") || server.opened.length !== (back ? 2 : 1)) wrong.push(`${code}: ${state}, ${chat.state}, ${server.opened.length}`);
              chat.signOut();
            }
            return wrong;
            """);

        Assert.Empty(wrong);
    }

    [Fact]
    public async Task SignOut_WhenCalled_ForgetsEverythingAndLeavesNothingRunning()
    {
        var result = await RunAsync<JsonElement>("""
            const { time, server, storage, chat, enter } = await stage(ChitChatz);
            await enter();
            server.crash();
            chat.send("never mind");
            chat.signOut();
            await time.advance(120_000);
            return { stored: [...storage.values.keys()], waiting: time.waiting, opened: server.opened.length, state: chat.state, name: chat.name, outbox: chat.outbox.length };
            """);

        AssertJson("""{"stored":[],"waiting":0,"opened":1,"state":"offline","name":null,"outbox":0}""", result);
    }

    /// <summary>What asks now and then whether the line is alive is not what these are about.</summary>
    private static JsonElement Without(JsonElement result)
    {
        var node = System.Text.Json.Nodes.JsonNode.Parse(result.GetRawText())!;
        var frames = node["frames"]!.AsArray();
        while (frames.Count(static frame => (string?)frame == "get_room") > 1)
            frames.RemoveAt(frames.Count - 1);
        return JsonSerializer.SerializeToElement(node);
    }
}
