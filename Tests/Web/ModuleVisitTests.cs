using System.Text.Json;
using Xunit;

namespace ChitChatz.Tests.Web;

/// <summary>What was written in a room that was left before it could be sent.</summary>
public sealed class ModuleVisitTests(WebServerFixture server, BrowserFixture browser) : ModuleTest(server, browser)
{
    private const int Runs = 150;

    [Fact]
    public async Task Message_WhenItsRoomIsLeftOffline_IsBroughtThere()
    {
        var result = await RunAsync<JsonElement>("""
            const { time, server, events, chat, enter } = await stage(ChitChatz);
            await enter();
            chat.send("first");
            await time.advance(10);
            server.crash();
            chat.send("stranded");
            chat.join("attic");
            chat.send("up here");
            server.start();
            await time.advance(60_000);
            events.length = 0;
            server.crash();
            chat.send("on leaving");
            await chat.leave();
            server.start();
            await time.advance(60_000);
            return { lobby: server.log("lobby"), attic: server.log("attic"), left: chat.outbox.length, room: chat.room, at: server.socket.room, wanted: chat.wanted, state: chat.state, events };
            """);

        // Of the visit itself nothing is told but that the message is stored.
        AssertJson("""
            {"lobby":["first","stranded"],"attic":["up here","on leaving"],"left":0,"room":null,"at":null,"wanted":null,"state":"online","events":[["sent","on leaving"]]}
            """, result);
    }

    [Fact]
    public async Task Visit_WhileItLasts_TellsNothingAndComesBackToWhereTheReaderWas()
    {
        var result = await RunAsync<JsonElement>("""
            const { time, server, events, chat, enter } = await stage(ChitChatz);
            await enter("attic");
            chat.leave();
            await time.advance(10);
            server.crash();
            chat.join("lobby");
            chat.send("for the lobby");
            chat.join("attic");
            server.start();
            const log = server.rooms.get("attic");
            const said = (content) => { const data = { room: "attic", epoch: 7, seq: log.length + 1, at: new Date().toISOString(), from: "bob", user: "bob", content }; log.push(data); return data; };
            server.instead.join_room = (frame) => { if (frame.room === "lobby") said("meanwhile"); return false; };
            events.length = 0;
            await time.advance(60_000);
            server.socket.say({ event: "message", data: said("now") });
            await time.advance(10);
            return { lobby: server.log("lobby"), room: chat.room, events: events.filter(([type]) => type !== "error") };
            """);

        AssertJson("""
            {"lobby":["for the lobby"],"room":"attic","events":[["room","attic"],["sent","for the lobby"],["room","attic"],["message","meanwhile"],["message","now"]]}
            """, result);
    }

    /// <summary>Nobody waits at a door for what cannot be delivered elsewhere.</summary>
    [Theory]
    [InlineData("server.instead.join_room = (frame, socket) => frame.room === 'lobby' && (server.refuse(socket, frame, 'rate_limited', { retry: true, retry_after_ms: 1000 }), true);", "delete server.instead.join_room")]
    [InlineData("server.instead.message = (frame, socket) => socket.room === 'lobby' && (server.refuse(socket, frame, 'overloaded', { retry: true, retry_after_ms: 1000 }), true);", "delete server.instead.message")]
    public async Task Visit_WhenItCannotBeMade_IsPutOff(string trouble, string over)
    {
        var result = await RunAsync<JsonElement>($$"""
            const { time, server, chat, enter } = await stage(ChitChatz);
            await enter();
            server.crash();
            chat.send("stranded");
            chat.join("attic");
            server.start();
            {{trouble}}
            await time.advance(10_000);
            const meanwhile = [chat.room, chat.outbox.length];
            {{over}};
            await time.advance(60_000);
            return { meanwhile, lobby: server.log("lobby"), room: chat.room, left: chat.outbox.length };
            """);

        AssertJson("""{"meanwhile":["attic",1],"lobby":["stranded"],"room":"attic","left":0}""", result);
    }

    /// <summary>Refused for now while its room was being left, or refused and sent again from elsewhere.</summary>
    [Theory]
    [InlineData("'attic'", "'overloaded', { retry: true, retry_after_ms: 1000 }", "attic")]
    [InlineData("'attic'", "'text_too_long'", "attic")]
    [InlineData("null", "'text_too_long'", null)]
    public async Task Message_WhenRefusedAndItsRoomWasLeft_IsBroughtThereLater(string to, string refusal, string? room)
    {
        var result = await RunAsync<JsonElement>($$"""
            const { time, server, chat, enter } = await stage(ChitChatz);
            await enter();
            server.instead.message = (frame, socket) => { delete server.instead.message; server.refuse(socket, frame, {{refusal}}); return true; };
            const message = chat.send("refused once");
            message.done.catch(() => {});
            if ({{to}}) chat.join({{to}});
            else chat.leave();
            await time.advance(20);
            if (message.state === "failed") chat.retry(message);
            await time.advance(60_000);
            return { lobby: server.log("lobby"), room: chat.room, left: chat.outbox.length };
            """);

        AssertJson($$"""{"lobby":["refused once"],"room":{{JsonSerializer.Serialize(room)}},"left":0}""", result);
    }

    [Fact]
    public async Task Message_WhenItsRoomRefusesUs_Fails()
    {
        var result = await RunAsync<JsonElement>("""
            const { time, server, chat, enter } = await stage(ChitChatz);
            await enter();
            server.crash();
            chat.send("stranded");
            chat.join("attic");
            server.start();
            server.instead.join_room = (frame, socket) => frame.room === "lobby" && (server.refuse(socket, frame, "bad_room"), true);
            await time.advance(60_000);
            return { room: chat.room, wanted: chat.wanted, outbox: chat.outbox.map(({ state, error }) => [state, error.code]) };
            """);

        AssertJson("""{"room":"attic","wanted":"attic","outbox":[["failed","bad_room"]]}""", result);
    }

    /// <summary>A room that takes nothing now holds up no other one, and nobody who is elsewhere.</summary>
    [Fact]
    public async Task Visit_WhenOneRoomIsClosed_GoesToTheOthers()
    {
        var result = await RunAsync<JsonElement>("""
            const { time, server, chat, enter } = await stage(ChitChatz);
            await enter("closed");
            server.crash();
            chat.send("for the closed one");
            chat.join("open");
            chat.send("for the open one");
            chat.join("attic");
            server.start();
            server.instead.join_room = (frame, socket) => frame.room === "closed" && (server.refuse(socket, frame, "unavailable", { retry: true, retry_after_ms: 1000 }), true);
            await time.advance(20_000);
            return { open: server.log("open"), closed: server.log("closed"), room: chat.room, left: chat.outbox.length };
            """);

        AssertJson("""{"open":["for the open one"],"closed":[],"room":"attic","left":1}""", result);
    }

    [Fact]
    public async Task Join_WhenRefusedForGoodWhileVisiting_LeavesOneWhereOneWas()
    {
        var result = await RunAsync<JsonElement>("""
            const { time, server, chat, enter } = await stage(ChitChatz);
            await enter();
            server.crash();
            chat.send("stranded");
            chat.join("attic");
            server.start();
            const rooms = [];
            chat.on("room", ({ room }) => rooms.push(room));
            server.instead.join_room = (frame, socket) => frame.room === "bad" && (server.refuse(socket, frame, "bad_room"), true);
            let refused;
            server.instead.message = (frame, socket) => {
              delete server.instead.message;
              refused = chat.join("bad").catch(({ code }) => code);
              return false;
            };
            await time.advance(60_000);
            return { refused: await refused, lobby: server.log("lobby"), rooms: [...new Set(rooms)], room: chat.room, wanted: chat.wanted };
            """);

        AssertJson("""{"refused":"bad_room","lobby":["stranded"],"rooms":["attic"],"room":"attic","wanted":"attic"}""", result);
    }

    /// <summary>Back before one has left: that is where one is, and nothing that comes from now on is missed.</summary>
    [Fact]
    public async Task Join_OfTheRoomThatWasNotLeftYet_IsSettled()
    {
        var result = await RunAsync<JsonElement>("""
            const { time, server, chat, enter } = await stage(ChitChatz);
            await enter();
            chat.send("first");
            await time.advance(10);
            server.instead.join_room = (frame, socket) => frame.room === "attic" && (server.refuse(socket, frame, "rate_limited", { retry: true, retry_after_ms: 60_000 }), true);
            chat.join("attic").catch(() => {});
            await time.advance(10);
            const back = await chat.join("lobby");
            server.crash();
            const [first] = server.rooms.get("lobby");
            server.rooms.get("lobby").push({ ...first, seq: 2, id: "other", content: "missed" });
            const heard = [];
            chat.on("message", ({ text }) => heard.push(text));
            server.start();
            await time.advance(60_000);
            return { back: back.room, room: chat.room, heard };
            """);

        AssertJson("""{"back":"lobby","room":"lobby","heard":["missed"]}""", result);
    }

    [Fact]
    public async Task Messages_WhenTheFirstIsRefusedForNowWhileItsRoomIsLeft_KeepTheirOrder()
    {
        var result = await RunAsync<JsonElement>("""
            const { time, server, chat, enter } = await stage(ChitChatz);
            await enter();
            for (const text of ["a", "b", "c"]) chat.send(text);
            server.instead.message = (frame, socket) => {
              delete server.instead.message;
              server.refuse(socket, frame, "overloaded", { retry: true, retry_after_ms: 1000 });
              return true;
            };
            chat.join("attic");
            await time.advance(120_000);
            return { lobby: server.log("lobby"), room: chat.room, left: chat.outbox.length };
            """);

        AssertJson("""{"lobby":["a","b","c"],"room":"attic","left":0}""", result);
    }

    /// <summary>Whoever leaves a room whose messages have to wait does not wait with them.</summary>
    [Fact]
    public async Task Join_WhileWhatWasWrittenHasToWait_IsNotHeldUp()
    {
        var result = await RunAsync<JsonElement>("""
            const { time, server, chat, enter } = await stage(ChitChatz);
            await enter();
            server.instead.message = (frame, socket) => {
              delete server.instead.message;
              server.refuse(socket, frame, "overloaded", { retry: true, retry_after_ms: 30_000 });
              return true;
            };
            for (const text of ["a", "b"]) chat.send(text);
            await time.advance(10);
            chat.join("attic");
            await time.advance(10);
            const meanwhile = chat.room;
            await time.advance(120_000);
            return { meanwhile, lobby: server.log("lobby"), room: chat.room };
            """);

        AssertJson("""{"meanwhile":"attic","lobby":["a","b"],"room":"attic"}""", result);
    }

    [Fact]
    public async Task Messages_WhereverOneGoesAndWhateverBreaks_ReachTheirRoomsOnceInOrder()
    {
        var broken = await RunAsync<string[]>($$"""
            const broken = [];
            for (let seed = 1; seed <= {{Runs}}; seed++) {
              const run = await chaosRun(ChitChatz, seed, { rooms: ["lobby", "attic", "cellar"] });
              const wrong = Object.entries(run.written).filter(([room, texts]) => String(texts) !== String(run.logs[room] ?? []));
              if (wrong.length || run.left || run.state !== "online" || run.room !== run.wanted) broken.push(`seed ${seed}: ${JSON.stringify({ ...run, pages: undefined })}`);
            }
            return broken;
            """);

        Assert.Empty(broken);
    }
}
