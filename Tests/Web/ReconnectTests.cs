using Xunit;
using static Microsoft.Playwright.Assertions;

namespace ChitChatz.Tests.Web;

public sealed class ReconnectTests(WebServerFixture server, BrowserFixture browser) : WebTest(server, browser)
{
    // A lost connection comes back after pauses that grow from half a second on.
    private const float BackMs = 20_000;

    [Fact]
    public async Task Page_WhenTheConnectionIsCut_ComesBackIntoItsRoom()
    {
        SkipWithoutBrowser();
        _ = Line;
        var (room, name) = ($"cut {Unique}", $"Ann {Unique}");
        var ann = await EnterAsync(name, room);
        var bob = await EnterAsync($"Bob {Unique}", room);
        await ann.SayAsync("before");

        Line.Cut();

        await Expect(ann.Page.Locator(".note")).ToContainTextAsync("You were disconnected", new() { Timeout = BackMs });
        await Expect(bob.Page.Locator(".note")).ToContainTextAsync("You were disconnected", new() { Timeout = BackMs });
        await ann.ExpectRoomAsync(room);
        await bob.ExpectRoomAsync(room);
        await ann.SayAsync("after");
        await bob.ExpectMessageAsync("after");
        await Expect(bob.Page.Locator("#messages .message-from").First).ToHaveTextAsync(name);
        await ann.ExpectMessageAsync("before");
    }

    [Fact]
    public async Task Composer_WhenOffline_KeepsTheTextAndSendsItLater()
    {
        SkipWithoutBrowser();
        _ = Line;
        var ann = await EnterAsync($"Ann {Unique}", $"offline {Unique}");
        Line.Close();
        await Expect(ann.Status).ToHaveTextAsync("Reconnecting");

        await ann.Composer.FillAsync("written offline");
        await ann.Composer.PressAsync("Enter");

        await Expect(ann.Composer).ToHaveValueAsync("written offline");
        await Expect(ann.Page.Locator("#composer-hint")).ToContainTextAsync("not connected", new() { IgnoreCase = true });
        await Expect(ann.Messages).ToHaveCountAsync(0);
        await Expect(ann.Pending).ToHaveCountAsync(0);

        Line.Restore();
        await ann.ExpectRoomAsync($"offline {Unique}", BackMs);
        await ann.Composer.PressAsync("Enter");
        await ann.ExpectMessageAsync("written offline");
    }

    [Fact]
    public async Task Message_WhenCutBeforeItsEcho_IsOfferedAgain()
    {
        SkipWithoutBrowser();
        _ = Line;
        var room = $"echo {Unique}";
        var ann = await EnterAsync($"Ann {Unique}", room);
        Line.Swallow();

        await ann.Composer.FillAsync("into the void");
        await ann.Composer.PressAsync("Enter");
        await Expect(ann.Pending).ToContainTextAsync("Sending…");
        Line.Close();

        await Expect(ann.Pending).ToContainTextAsync("may or may not have been sent");
        Line.Restore();
        await ann.ExpectRoomAsync(room, BackMs);
        await ann.Page.GetByText("Send again").ClickAsync();
        await ann.ExpectMessageAsync("into the void");
        await Expect(ann.Pending).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Page_WhenReloaded_IsTheSamePersonInTheSameRoom()
    {
        var (room, name) = ($"reload {Unique}", $"Ann {Unique}");
        var ann = await EnterAsync(name, room);

        await ann.Page.ReloadAsync();

        await ann.ExpectRoomAsync(room);
        await Expect(ann.Page.Locator("#own-name")).ToHaveTextAsync(name);
        await ann.SayAsync("still me");
    }
}
