using System.Text.Json;
using ChitChatz.Protocol;
using Xunit;

namespace ChitChatz.Tests.Web;

/// <summary>
/// chitchatz.js by itself, in the browser, against a server in the same page and in virtual time: nothing here depends on how fast
/// anything is. The scripts beside this file are the server, the time, and the random runs.
/// </summary>
public sealed class ModuleTests(WebServerFixture server, BrowserFixture browser) : ModuleTest(server, browser)
{
    private const int Runs = 150;

    [Fact]
    public async Task Messages_WhateverBreaksWhenever_ReachTheLogOnceInTheOrderOfWriting()
    {
        var broken = await RunAsync<string[]>($$"""
            const broken = [];
            for (let seed = 1; seed <= {{Runs}}; seed++) {
              const run = await chaosRun(ChitChatz, seed);
              const inOrder = ({ heard, gaps }) => gaps.length === 0 && heard.every(([seq], i) => i === 0 || seq === heard[i - 1][0] + 1);
              if (String(run.written) !== String(run.log) || run.left || run.state !== "online" || !run.pages.every(inOrder)) broken.push(`seed ${seed}: ${JSON.stringify(run)}`);
            }
            return broken;
            """);

        Assert.Empty(broken);
    }

    /// <summary>The controls: without the server's half of the promise, or without the storage, the same runs go wrong.</summary>
    [Theory]
    [InlineData("{ server: { knowsIds: false } }", "new Set(run.log).size < run.log.length")]
    [InlineData("{ forgets: true }", "run.written.some((text) => !run.log.includes(text))")]
    public async Task Messages_WhenAProtectionIsOff_AreSeenToGoWrong(string options, string wrong)
    {
        var seen = await RunAsync<int>($$"""
            let seen = 0;
            for (let seed = 1; seed <= {{Runs}}; seed++) {
              const run = await chaosRun(ChitChatz, seed, {{options}});
              if ({{wrong}}) seen++;
            }
            return seen;
            """);

        Assert.InRange(seen, Runs / 4, Runs);
    }

    [Fact]
    public async Task Outbox_WhenThePageIsReloadedOffline_IsSentByTheNextOne()
    {
        var result = await RunAsync<JsonElement>("""
            const { time, server, open, chat, enter } = await stage(ChitChatz);
            await enter();
            server.crash();
            chat.send("one");
            chat.send("two");
            const next = open();
            const known = next.resume();
            const waiting = next.outbox.map(({ text, state }) => `${text} ${state}`);
            server.start();
            await time.advance(60_000);
            return { known, waiting, name: next.name, room: next.room, log: server.log("lobby"), left: next.outbox.length };
            """);

        AssertJson("""{"known":true,"waiting":["one queued","two queued"],"name":"ann","room":"lobby","log":["one","two"],"left":0}""", result);
    }

    [Fact]
    public async Task Message_WhenItsAckIsLost_IsRepeatedUnderItsIdAndStoredOnce()
    {
        var result = await RunAsync<JsonElement>("""
            const { time, server, events, chat, enter } = await stage(ChitChatz);
            await enter();
            server.instead.message = (frame, socket) => {
              delete server.instead.message;
              server.handle(socket, frame);
              server.crash();
              return true;
            };
            const message = chat.send("once");
            await time.advance(5);
            const after = [chat.state, message.state];
            server.start();
            await time.advance(60_000);
            const ids = server.opened.flatMap(({ sent }) => sent).filter(({ event }) => event === "message").map(({ id }) => id);
            return { after, state: message.state, place: (await message.done).seq, log: server.log("lobby"), sameId: new Set(ids).size === 1 && ids[0] === message.id, events: events.filter(([type]) => type !== "room") };
            """);

        AssertJson("""{"after":["offline","queued"],"state":"sent","place":1,"log":["once"],"sameId":true,"events":[["message","once"],["sent","once"]]}""", result);
    }

    [Fact]
    public async Task Message_WhenTheServerIsBusy_WaitsAndTheNextOnesWaitBehindIt()
    {
        var result = await RunAsync<JsonElement>("""
            const { time, server, chat, enter } = await stage(ChitChatz);
            await enter();
            let refusals = 3;
            server.instead.message = (frame, socket) => refusals-- > 0 && (server.refuse(socket, frame, "overloaded", { retry: true, retry_after_ms: 2000 }), true);
            for (const text of ["a", "b", "c"]) chat.send(text);
            await time.advance(1900);
            const early = server.socket.sent.filter(({ event }) => event === "message").map(({ data }) => data);
            await time.advance(60_000);
            return { early, log: server.log("lobby"), opened: server.opened.length };
            """);

        AssertJson("""{"early":["a"],"log":["a","b","c"],"opened":1}""", result);
    }

    [Fact]
    public async Task Message_WhenRefusedForGood_FailsAndMayBeSentAgainOrDiscarded()
    {
        var result = await RunAsync<JsonElement>("""
            const { time, server, chat, enter } = await stage(ChitChatz);
            await enter();
            server.instead.message = (frame, socket) => frame.data.length > 3 && (server.refuse(socket, frame, "text_too_long"), true);
            const [long, short, other] = ["too long", "ok", "also long"].map((text) => chat.send(text));
            await time.advance(100);
            const states = [long.state, long.error.code, short.state, other.state, await long.done.catch(({ code }) => code)];
            const id = long.id;
            delete server.instead.message;
            chat.retry(long);
            chat.discard(other);
            await time.advance(100);
            return { states, later: long.state, another: long.id !== id, log: server.log("lobby"), left: chat.outbox.length };
            """);

        AssertJson("""{"states":["failed","text_too_long","sent","failed","text_too_long"],"later":"sent","another":true,"log":["ok","too long"],"left":0}""", result);
    }

    /// <summary>Another person's id is another message: nobody could tell whether the first try was stored, so a person has to decide.</summary>
    [Fact]
    public async Task Message_WhenItMayBeStoredUnderAnotherPerson_IsNotRepeated()
    {
        var result = await RunAsync<JsonElement>("""
            const { time, server, chat, enter } = await stage(ChitChatz);
            await enter();
            server.instead.message = () => true;
            const tried = chat.send("tried");
            await time.advance(5);
            const fresh = chat.send("fresh");
            delete server.instead.message;
            server.crash();
            const forgotten = ["register", "join_room"];
            server.instead.join_room = (frame, socket) => frame.jwt && (server.refuse(socket, frame, "invalid_token"), true);
            server.instead.register = (frame, socket) => void (socket.user = "somebody else");
            server.start();
            await time.advance(60_000);
            return { tried: [tried.state, tried.error?.code], fresh: fresh.state, log: server.log("lobby") };
            """);

        AssertJson("""{"tried":["failed","in_doubt"],"fresh":"sent","log":["fresh"]}""", result);
    }

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
    public async Task Room_WhenComeBackInto_BringsWhatWasMissedOnce()
    {
        var result = await RunAsync<JsonElement>("""
            const { time, server, events, chat, enter } = await stage(ChitChatz);
            await enter("Lobby");
            chat.send("mine");
            await time.advance(10);
            server.crash();
            const log = server.rooms.get("lobby");
            for (const seq of [2, 3]) log.push({ ...log[0], seq, content: `missed ${seq}`, user: "bob", id: undefined });
            server.start();
            await time.advance(60_000);
            const join = server.socket.sent[0];
            return { wanted: chat.wanted, join: [join.event, join.v, join.room, join.after, typeof join.jwt], events: events.filter(([type]) => type === "message" || type === "gap") };
            """);

        AssertJson("""{"wanted":"lobby","join":["join_room",2,"lobby",{"epoch":7,"seq":1},"string"],"events":[["message","mine"],["message","missed 2"],["message","missed 3"]]}""", result);
    }

    [Fact]
    public async Task Room_WhenTooMuchWasMissed_NamesTheGap()
    {
        var result = await RunAsync<JsonElement>("""
            const { time, server, events, chat, enter } = await stage(ChitChatz, { replays: 1 });
            await enter();
            chat.send("mine");
            await time.advance(10);
            server.crash();
            const log = server.rooms.get("lobby");
            for (const seq of [2, 3, 4]) log.push({ ...log[0], seq, content: `missed ${seq}` });
            server.start();
            await time.advance(60_000);
            server.socket.say({ event: "gap", data: { room: "lobby", from: 5, to: 9 } });
            server.socket.say({ event: "message", data: { ...log[0], seq: 10, content: "next" } });
            server.socket.say({ event: "message", data: { ...log[0], seq: 10, content: "again" } });
            await time.advance(10);
            return events.filter(([type]) => type === "message" || type === "gap");
            """);

        AssertJson("""[["message","mine"],["gap",{"room":"lobby","epoch":7,"from":2,"to":4}],["gap",{"room":"lobby","epoch":7,"from":5,"to":9}],["message","next"]]""", result);
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
    public async Task Join_WhenRefusedOrOvertaken_SaysSoAndStaysWhereItIs()
    {
        var result = await RunAsync<JsonElement>("""
            const { time, server, chat, enter } = await stage(ChitChatz);
            await enter();
            server.instead.join_room = (frame, socket) => frame.room === "bad" && (server.refuse(socket, frame, "bad_room"), true);
            const bad = chat.join("bad").catch(({ code }) => code);
            chat.send("lost with the room");
            await time.advance(10);
            const stays = [await bad, chat.room, chat.wanted, chat.outbox[0].error.code];
            const overtaken = chat.join("a").catch(({ code }) => code);
            const wins = chat.join("b");
            await time.advance(10);
            const moved = [await overtaken, (await wins).room, chat.room];
            server.crash();
            const later = chat.join("C");
            chat.send("first words");
            server.start();
            await time.advance(60_000);
            return { stays, moved, later: [(await later).room, chat.wanted, server.log("c")] };
            """);

        AssertJson("""{"stays":["bad_room","lobby","lobby","bad_room"],"moved":["superseded","b","b"],"later":["c","c",["first words"]]}""", result);
    }

    [Fact]
    public async Task Room_WhenLeft_GetsWhatWasWrittenThereBefore()
    {
        var result = await RunAsync<JsonElement>("""
            const { time, server, chat, enter } = await stage(ChitChatz);
            await enter();
            for (const text of ["a", "b", "c"]) chat.send(text);
            const left = chat.leave();
            await time.advance(20);
            await left;
            return { log: server.log("lobby"), outbox: chat.outbox.length, room: chat.room, wanted: chat.wanted, state: chat.state };
            """);

        AssertJson("""{"log":["a","b","c"],"outbox":0,"room":null,"wanted":null,"state":"online"}""", result);
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

    [Fact]
    public async Task Declarations_WhenRead_NameTheMembersThatThereAre()
    {
        var declared = Docs.Document.Read("Gateway/wwwroot/chitchatz.d.ts").Text.Split("export class ChitChatz {")[1]
            .Split('\n').Select(static line => System.Text.RegularExpressions.Regex.Match(line, @"^  (?:readonly )?(\w+)[:<(]")).Where(static match => match.Success).Select(static match => match.Groups[1].Value);

        var members = await RunAsync<string[]>("return [...Object.getOwnPropertyNames(ChitChatz.prototype), 'on'];");

        Assert.Equal(members.Order(), declared.Order());
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
