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
