using System.Text.Json.Nodes;
using ChitChatz.Tests.Support;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace ChitChatz.Tests.Web;

public sealed class UnreadTests(WebServerFixture server, BrowserFixture browser) : WebTest(server, browser)
{
    [Fact]
    public async Task Title_WhenMessagesComeUnseen_CountsThemUntilTheyAreLookedAt()
    {
        var room = $"unread {Unique}";
        var ann = await EnterAsync($"Ann {Unique}", room);
        var bob = await EnterAsync($"Bob {Unique}", room);
        await bob.SayAsync("seen\n" + string.Concat(Enumerable.Repeat("line\n", 80)) + "end");
        await Expect(ann.Messages).ToHaveCountAsync(1);
        await Expect(ann.Page).ToHaveTitleAsync($"{room} · ChitChatz");
        await ann.Page.Locator("#log").EvaluateAsync("log => { log.scrollTop = 0; }");
        await Expect(ann.Page.Locator("#newer")).ToBeVisibleAsync();

        await bob.SayAsync("one");
        await bob.SayAsync("two");

        await Expect(ann.Page).ToHaveTitleAsync($"(2) {room} · ChitChatz");
        await Expect(ann.NewLine).ToHaveTextAsync("New");
        Assert.Equal("one", await ann.Page.Locator("#messages .line + .message .bubble").TextContentAsync());
        await ann.Page.Locator("#newer").ClickAsync();
        await Expect(ann.Page).ToHaveTitleAsync($"{room} · ChitChatz");
    }

    /// <summary>More than what is read at once: the line says how many, and stands above the first of them for whoever scrolls there.</summary>
    [Fact]
    public async Task Line_WhenMoreThanAPageWasMissed_CountsThemAll()
    {
        var ann = await MissAsync(120);

        await Expect(ann.NewLine).ToHaveTextAsync("While you were away: 120 new messages");
        await ann.Page.WaitForFunctionAsync("() => { document.querySelector('#log').scrollTop = 0; return document.querySelector('#older').dataset.state === 'start'; }");
        await Expect(ann.NewLine).ToHaveTextAsync("While you were away: 120 new messages");
        Assert.Equal("1", await ann.Page.Locator("#messages .line + .message .bubble").TextContentAsync());
    }

    /// <summary>Whoever comes back sees the newest, is told how many there are further up, and is brought to the first of them, whose page has to be read.</summary>
    [Fact]
    public async Task Jump_WhenMoreThanAPageWasMissed_GoesToTheFirstNewMessage()
    {
        var ann = await MissAsync(120);
        var jump = ann.Page.GetByRole(AriaRole.Button, new() { Name = "120 new messages: jump to the first" });
        await Expect(jump).ToBeVisibleAsync();
        await Expect(ann.Messages.Last).ToBeInViewportAsync();

        await jump.ClickAsync();

        await Expect(ann.NewLine).ToBeInViewportAsync();
        await Expect(ann.Page.Locator("#messages .message:focus .bubble")).ToHaveTextAsync("1");
        await Expect(ann.Page.Locator("#unread")).ToBeHiddenAsync();
        await ann.Page.Locator("#newer").ClickAsync();
        await Expect(ann.Messages.Last).ToBeInViewportAsync();
        await Expect(ann.Page.Locator("#unread")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Jump_WhenAllThatIsNewIsInSight_IsNotOffered()
    {
        var ann = await MissAsync(3);

        await Expect(ann.NewLine).ToBeInViewportAsync();
        await Expect(ann.Page.Locator("#unread")).ToBeHiddenAsync();
    }

    /// <summary>A page that had read its room, was away while messages came, and is there again.</summary>
    private async Task<ChatPage> MissAsync(int messages)
    {
        var room = $"far {Unique}";
        var ann = await EnterAsync($"Ann {Unique}", room);
        await ann.SayAsync("read");
        await ann.Page.WaitForFunctionAsync("() => sessionStorage.getItem('chitchatz.read') !== null");
        var address = ann.Page.Url;
        await ann.Page.GotoAsync(new Uri(Address, "favicon.svg").ToString());
        await using var writer = await ChatClient2.RegisterAsync(new UriBuilder(Address) { Scheme = "ws" }.Uri, $"Writer {Unique}");
        await writer.JoinAsync(room);
        for (var i = 1; i <= messages; i++)
            await writer.Connection.SendRawAsync(new JsonObject { ["event"] = "message", ["id"] = $"m{i}", ["data"] = $"{i}" }.ToJsonString());
        await writer.AnswerAsync($"m{messages}");

        await ann.Page.GotoAsync(address);
        await Expect(ann.Messages.Last).ToHaveTextAsync($"{messages}");
        return ann;
    }

    [Fact]
    public async Task Line_WhenThePageIsReloaded_StandsWhereTheReaderWas()
    {
        var room = $"mark {Unique}";
        var ann = await EnterAsync($"Ann {Unique}", room);
        var bob = await EnterAsync($"Bob {Unique}", room);
        await bob.SayAsync("read");
        await ann.ExpectMessageAsync("read");
        await ann.Page.WaitForFunctionAsync("() => sessionStorage.getItem('chitchatz.read') !== null");
        var address = ann.Page.Url;
        await ann.Page.GotoAsync(new Uri(Address, "favicon.svg").ToString());
        await bob.SayAsync("unread");

        await ann.Page.GotoAsync(address);

        await Expect(ann.NewLine).ToHaveTextAsync("While you were away: 1 new message");
        Assert.Equal(["read", "unread"], await ann.TextsAsync());
    }
}
