using System.Text.Json;
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
              if (String(run.written.lobby) !== String(run.logs.lobby) || run.left || run.state !== "online" || !run.pages.every(inOrder)) broken.push(`seed ${seed}: ${JSON.stringify(run)}`);
            }
            return broken;
            """);

        Assert.Empty(broken);
    }

    /// <summary>The controls: without the server's half of the promise, or without the storage, the same runs go wrong.</summary>
    [Theory]
    [InlineData("{ server: { knowsIds: false } }", "new Set(run.logs.lobby).size < run.logs.lobby.length")]
    [InlineData("{ forgets: true }", "run.written.lobby.some((text) => !run.logs.lobby.includes(text))")]
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

    /// <summary>What no server can read, or what makes it close the connection, would hold up all that is written behind it.</summary>
    [Fact]
    public async Task Message_ThatNoServerCanTake_FailsAtOnceAndHoldsUpNothing()
    {
        var result = await RunAsync<JsonElement>("""
            const { time, server, chat, enter } = await stage(ChitChatz);
            await enter();
            const [half, long, fine] = ["x\ud800y", "x".repeat(70_000), "fine"].map((text) => chat.send(text));
            await time.advance(100);
            return { states: [half, long, fine].map(({ state, error }) => error?.code ?? state), done: await long.done.catch(({ code }) => code), log: server.log("lobby"), opened: server.opened.length };
            """);

        AssertJson("""{"states":["bad_request","text_too_long","sent"],"done":"text_too_long","log":["fine"],"opened":1}""", result);
    }

    /// <summary>Away and back before the server has answered: what was said meanwhile comes all the same.</summary>
    [Fact]
    public async Task Join_OfTheFormerRoomBeforeTheAnswerOfTheNext_MissesNothing()
    {
        var result = await RunAsync<JsonElement>("""
            const { time, server, chat, enter } = await stage(ChitChatz);
            await enter();
            const got = [];
            chat.on("message", ({ text }) => got.push(text));
            chat.on("gap", ({ from, to }) => got.push(`gap ${from} to ${to}`));
            const say = (content) => {
              const log = server.rooms.get("lobby");
              const data = { room: "lobby", epoch: server.epoch, seq: log.length + 1, at: new Date(Date.now()).toISOString(), from: "bob", user: "bob", content, id: content };
              log.push(data);
              for (const socket of server.sockets) if (socket.room === "lobby") socket.say({ event: "message", data });
            };
            say("one");
            await time.advance(100);
            server.latency = 50;
            chat.join("other").catch(() => {});
            await time.advance(20);
            const back = chat.join("lobby", { after: { epoch: server.epoch, seq: 1 } });
            await time.advance(40);
            say("two");
            await time.advance(1_000);
            await back;
            say("three");
            await time.advance(1_000);
            return { got, room: chat.room };
            """);

        AssertJson("""{"got":["one","two","three"],"room":"lobby"}""", result);
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

    /// <summary>A door that is closed for a moment: one waits before it, and what is written meanwhile is for the room behind it.</summary>
    [Fact]
    public async Task Join_WhenRefusedForNow_IsTriedAgain()
    {
        var result = await RunAsync<JsonElement>("""
            const { time, server, chat, enter } = await stage(ChitChatz);
            await enter();
            server.instead.join_room = (frame, socket) => (server.refuse(socket, frame, "rate_limited", { retry: true, retry_after_ms: 1000 }), true);
            const entered = chat.join("attic");
            chat.send("for the attic");
            await time.advance(500);
            const meanwhile = [chat.wanted, chat.room, chat.outbox[0].state];
            delete server.instead.join_room;
            await time.advance(10_000);
            return { meanwhile, room: (await entered).room, lobby: server.log("lobby"), attic: server.log("attic") };
            """);

        AssertJson("""{"meanwhile":["attic","lobby","queued"],"room":"attic","lobby":[],"attic":["for the attic"]}""", result);
    }

    /// <summary>It is seen at once, also without a connection.</summary>
    [Fact]
    public async Task Leave_WithoutAConnection_IsToldAtOnce()
    {
        var result = await RunAsync<JsonElement>("""
            const { time, server, chat, enter } = await stage(ChitChatz);
            await enter();
            server.crash();
            const wanted = [];
            chat.on("state", () => wanted.push(chat.wanted));
            await chat.leave();
            return { wanted, room: chat.room };
            """);

        AssertJson("""{"wanted":[null],"room":null}""", result);
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
    public async Task Declarations_WhenRead_NameTheMembersThatThereAre()
    {
        var declared = Docs.Document.Read("Gateway/wwwroot/chitchatz.d.ts").Text.Split("export class ChitChatz {")[1]
            .Split('\n').Select(static line => System.Text.RegularExpressions.Regex.Match(line, @"^  (?:readonly )?(\w+)[:<(]")).Where(static match => match.Success).Select(static match => match.Groups[1].Value);

        var members = await RunAsync<string[]>("return [...Object.getOwnPropertyNames(ChitChatz.prototype), 'on'];");

        Assert.Equal(members.Order(), declared.Order());
    }
}
