using System.Text.Json;
using Xunit;

namespace ChitChatz.Tests.Web;

/// <summary>What the module makes of messages that it reads in the log.</summary>
public sealed class ModuleHistoryTests(WebServerFixture server, BrowserFixture browser) : ModuleTest(server, browser)
{
    /// <summary>A page that was loaded anew repeats what it has no ack of, and reads in the log that it is there: then it is.</summary>
    [Fact]
    public async Task Message_WhenItIsReadInTheLog_IsStored()
    {
        var result = await RunAsync<JsonElement>("""
            const { time, server, events, chat, enter } = await stage(ChitChatz);
            await enter();
            server.instead.message = () => true;
            chat.send("mine");
            await time.advance(10);
            const [{ id, state }] = chat.outbox;
            const messages = [{ seq: 1, at: new Date().toISOString(), from: "ann", user: chat.user, id, content: "mine" }];
            server.instead.get_history = (frame, socket) => (socket.say({ event: "history", id: frame.id, data: { room: "lobby", epoch: server.epoch, messages, more: false } }), true);
            events.length = 0;
            const reading = chat.history();
            await time.advance(10);
            const { messages: [{ text }] } = await reading;
            return { state, text, left: chat.outbox.length, events };
            """);

        AssertJson("""{"state":"sending","text":"mine","left":0,"events":[["sent","mine"]]}""", result);
    }
}
