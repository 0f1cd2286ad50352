using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace ChitChatz.Tests.Web;

/// <summary>What somebody wrote and has not sent, or what could not be sent: nobody's words are lost without a question.</summary>
public sealed class DraftTests(WebServerFixture server, BrowserFixture browser) : WebTest(server, browser)
{
    [Fact]
    public async Task Draft_OfEachRoom_IsThereAgainWhenOneComesBack()
    {
        var (one, two) = ($"one {Unique}", $"two {Unique}");
        var ann = await EnterAsync($"Ann {Unique}", one);
        await ann.Composer.FillAsync("for the first");
        await ann.JoinAsync(two);
        await Expect(ann.Composer).ToHaveValueAsync("");
        await ann.Composer.FillAsync("for the second");

        await ann.JoinAsync(one);
        await Expect(ann.Composer).ToHaveValueAsync("for the first");
        await ann.Page.ReloadAsync();
        await Expect(ann.Composer).ToHaveValueAsync("for the first");
        await ann.Composer.PressAsync("Enter");
        await ann.ExpectMessageAsync("for the first");
        await ann.JoinAsync(two);
        await Expect(ann.Composer).ToHaveValueAsync("for the second");
        await ann.JoinAsync(one);
        await Expect(ann.Composer).ToHaveValueAsync("");
    }

    [Fact]
    public async Task SigningOut_WhileSomethingWaits_IsAskedFor()
    {
        SkipWithoutBrowser();
        _ = Line;
        var ann = await EnterAsync($"Ann {Unique}", $"waiting {Unique}");
        Line.Close();
        await Expect(ann.Status).ToHaveTextAsync("Reconnecting");
        await ann.WriteAsync("one");
        await ann.WriteAsync("two");

        await ann.Page.Locator("#sign-out").ClickAsync();
        await Expect(ann.Page.Locator("#sign-out-text")).ToHaveTextAsync("2 messages are not sent yet. Signing out discards them.");
        await ann.Page.GetByRole(AriaRole.Button, new() { Name = "Stay" }).ClickAsync();
        await Expect(ann.Pending).ToHaveCountAsync(2);
        await ann.Page.Locator("#sign-out").ClickAsync();
        await ann.Page.Locator("#sign-out-dialog button[type=submit]").ClickAsync();

        await Expect(ann.NameDialog).ToBeVisibleAsync();
        Assert.Equal(0, await ann.EvaluateAsync<int>("sessionStorage.length"));
    }

    /// <summary>What one writes in a room and leaves before the server is back is still sent, and is seen to wait until then.</summary>
    [Fact]
    public async Task Message_WhenItsRoomIsLeftBeforeItIsSent_ArrivesThere()
    {
        SkipWithoutBrowser();
        _ = Line;
        var (left, next) = ($"left {Unique}", $"next {Unique}");
        var bob = await EnterDirectlyAsync($"Bob {Unique}", left);
        var ann = await EnterAsync($"Ann {Unique}", left);
        Line.Close();
        await Expect(ann.Status).ToHaveTextAsync("Reconnecting");
        await ann.WriteAsync("stranded");
        await ann.Page.Keyboard.PressAsync("Control+k");
        await ann.Page.Keyboard.TypeAsync(next);
        await ann.Page.Keyboard.PressAsync("Enter");
        await Expect(ann.Page.Locator("#room-list button", new() { HasText = left })).ToContainTextAsync("1 unsent");
        await ann.WriteAsync("in the next room");

        Line.Restore();

        await bob.ExpectMessageAsync("stranded");
        await ann.ExpectRoomAsync(next, 20_000);
        await ann.ExpectMessageAsync("in the next room");
        await Expect(ann.Page.Locator("#room-list")).Not.ToContainTextAsync("unsent");
        await ann.JoinAsync(left);
        await Expect(ann.Messages).ToHaveTextAsync(["stranded"]);
    }
}
