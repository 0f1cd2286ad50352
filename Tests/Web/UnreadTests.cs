using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace ChitChatz.Tests.Web;

public sealed class UnreadTests(WebServerFixture server, BrowserFixture browser) : WebTest(server, browser)
{
    private string Room => $"far {Unique}";

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
        var ann = await MissAsync(Room, 120);

        await Expect(ann.NewLine).ToHaveTextAsync("While you were away: 120 new messages");
        await ann.Page.WaitForFunctionAsync("() => { document.querySelector('#log').scrollTop = 0; return document.querySelector('#older').dataset.state === 'start'; }");
        await Expect(ann.NewLine).ToHaveTextAsync("While you were away: 120 new messages");
        Assert.Equal("1", await ann.Page.Locator("#messages .line + .message .bubble").TextContentAsync());
    }

    /// <summary>Whoever comes back sees the newest, is told how many there are further up, and is brought to the first of them, whose page has to be read.</summary>
    [Fact]
    public async Task Jump_WhenMoreThanAPageWasMissed_GoesToTheFirstNewMessage()
    {
        var ann = await MissAsync(Room, 120);
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

    /// <summary>What is said while one reads further up is below: the offer is for what is above, and stays that.</summary>
    [Fact]
    public async Task Jump_WhenSomebodySpeaksMeanwhile_StaysWhatItWas()
    {
        var ann = await MissAsync(Room, 120);
        await Expect(ann.Page.Locator("#unread-go")).ToHaveTextAsync("120 new messages");
        await ann.Page.Locator("#log").EvaluateAsync("log => { log.scrollTop -= 300; }");
        await Expect(ann.Page.Locator("#newer")).ToBeVisibleAsync();

        await SayInAsync(Room, "121");

        await Expect(ann.Page.Locator("#newer")).ToHaveTextAsync("1 new message");
        await Expect(ann.Page.Locator("#unread-go")).ToHaveTextAsync("120 new messages");
        await ann.Page.Locator("#unread-go").ClickAsync();
        await Expect(ann.Page.Locator("#messages .message:focus .bubble")).ToHaveTextAsync("1");
    }

    /// <summary>More than the page draws at once: where the jump ends, what comes then is further down than what is drawn.</summary>
    [Fact]
    public async Task Jump_WhenOneIsThere_IsNotOfferedForWhatComesBelow()
    {
        var ann = await MissAsync(Room, 300);
        await ann.Page.Locator("#unread-go").ClickAsync();
        await Expect(ann.Page.Locator("#messages .message:focus .bubble")).ToHaveTextAsync("1");
        await Expect(ann.Page.Locator("#unread")).ToBeHiddenAsync();

        await SayInAsync(Room, "301");

        await Expect(ann.Page.Locator("#newer")).ToHaveTextAsync("1 new message");
        await Expect(ann.Page.Locator("#unread")).ToBeHiddenAsync();
        await Expect(ann.NewLine).ToHaveTextAsync("While you were away: 300 new messages");
        await Expect(ann.Page.Locator("#messages .message:focus .bubble")).ToHaveTextAsync("1");
        await ann.Page.Locator("#newer").FocusAsync();
        await ann.Page.Keyboard.PressAsync("Enter");
        await Expect(ann.Messages.Last).ToBeInViewportAsync();
        await Expect(ann.Page.Locator("#log")).ToBeFocusedAsync();
    }

    /// <summary>Nobody has seen them: the newest were on the screen, and the first were not.</summary>
    [Fact]
    public async Task Jump_WhenThePageIsReloaded_IsOfferedAgain()
    {
        var ann = await MissAsync(Room, 120);
        await Expect(ann.Page.Locator("#unread-go")).ToHaveTextAsync("120 new messages");

        await ann.Page.ReloadAsync();

        await Expect(ann.Page.Locator("#unread-go")).ToHaveTextAsync("120 new messages");
    }

    /// <summary>Without a connection they cannot be read, and nothing else is shown in their place.</summary>
    [Fact]
    public async Task Jump_WhenTheServerIsAway_SaysThatItIsNotNow()
    {
        SkipWithoutBrowser();
        _ = Line;
        var ann = await MissAsync(Room, 120);
        Line.Close();
        await Expect(ann.Status).ToHaveTextAsync("Reconnecting");

        await ann.Page.Locator("#unread-go").ClickAsync();

        await Expect(ann.Toasts).ToHaveTextAsync("Earlier messages cannot be read now. Try again when you are connected.");
        await Expect(ann.Messages.Last).ToBeInViewportAsync();
        await Expect(ann.Page.Locator("#unread-go")).ToBeVisibleAsync();
    }

    /// <summary>Whoever began something else while pages were read is left where they are.</summary>
    [Fact]
    public async Task Jump_WhenTheReaderWritesMeanwhile_TakesNobodyAway()
    {
        var ann = await MissAsync(Room, 120);
        await ann.Page.EvaluateAsync("() => { document.querySelector('#unread-go').click(); document.querySelector('#composer-input').focus(); }");
        await Expect(ann.Page.Locator("#unread-go")).Not.ToHaveAttributeAsync("aria-busy", "true");

        await Expect(ann.Composer).ToBeFocusedAsync();
        await Expect(ann.Messages.Last).ToBeInViewportAsync();
    }

    [Fact]
    public async Task Jump_WhenDismissed_IsNotOfferedAgain()
    {
        var ann = await MissAsync(Room, 120);
        await ann.Page.Locator("#unread").GetByRole(AriaRole.Button, new() { Name = "Dismiss" }).ClickAsync();

        await SayInAsync(Room, "121");

        await ann.ExpectMessageAsync("121");
        await Expect(ann.Page.Locator("#unread")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Jump_WhenAllThatIsNewIsInSight_IsNotOffered()
    {
        var ann = await MissAsync(Room, 3);

        await Expect(ann.NewLine).ToBeInViewportAsync();
        await Expect(ann.Page.Locator("#unread")).ToBeHiddenAsync();
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
