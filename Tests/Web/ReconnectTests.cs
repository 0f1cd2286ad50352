using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace ChitChatz.Tests.Web;

/// <summary>A line that breaks between the page and a server that goes on.</summary>
public sealed class ReconnectTests(WebServerFixture server, BrowserFixture browser) : WebTest(server, browser)
{
    // A lost connection comes back after pauses that grow from half a second on.
    private const float BackMs = 20_000;

    [Fact]
    public async Task Page_WhenOthersTalkMeanwhile_ShowsWhatWasMissedBelowALine()
    {
        SkipWithoutBrowser();
        _ = Line;
        var (room, name) = ($"cut {Unique}", $"Ann {Unique}");
        var ann = await EnterAsync(name, room);
        await ann.SayAsync("before");
        Line.Close();
        await Expect(ann.Status).ToHaveTextAsync("Reconnecting");
        var bob = await EnterDirectlyAsync($"Bob {Unique}", room);
        await bob.SayAsync("first missed");
        await bob.SayAsync("second missed");

        Line.Restore();

        await Expect(ann.NewLine).ToHaveTextAsync("While you were away: 2 new messages", new() { Timeout = BackMs });
        Assert.Equal(["before", "first missed", "second missed"], await ann.TextsAsync());
        Assert.Equal("first missed", await ann.Page.Locator("#messages .line + .message .bubble").TextContentAsync());
        await ann.SayAsync("after");
        await bob.ExpectMessageAsync("after");
        await Expect(bob.Page.Locator("#messages .message-from").First).ToHaveTextAsync(name);
        await Expect(ann.NewLine).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Composer_WhenOffline_PutsTheTextIntoTheOutboxAndItIsSentLater()
    {
        SkipWithoutBrowser();
        _ = Line;
        var ann = await EnterAsync($"Ann {Unique}", $"offline {Unique}");
        Line.Close();
        await Expect(ann.Status).ToHaveTextAsync("Reconnecting");
        await Expect(ann.Page.Locator("#banner")).ToContainTextAsync("Reconnecting");

        await ann.WriteAsync("written offline");

        await Expect(ann.Composer).ToHaveValueAsync("");
        await Expect(ann.Pending).ToContainTextAsync("Waiting to be sent");
        await Expect(ann.Messages).ToHaveCountAsync(0);

        Line.Restore();
        await Expect(ann.Messages).ToHaveTextAsync(["written offline"], new() { Timeout = BackMs });
        await Expect(ann.Pending).ToHaveCountAsync(0);
        await Expect(ann.Page.Locator("#banner")).ToBeHiddenAsync();
    }

    /// <summary>Its lines break the same, so that what stands above it does not jump.</summary>
    [Theory]
    [InlineData(1280)]
    [InlineData(320)]
    public async Task Message_WhenItIsStored_KeepsItsShape(int width)
    {
        SkipWithoutBrowser();
        _ = Line;
        var ann = await EnterAsync($"Ann {Unique}", $"shape {Unique}", new() { ViewportSize = new() { Width = width, Height = 640 } });
        Line.Close();
        await Expect(ann.Status).ToHaveTextAsync("Reconnecting");
        await ann.WriteAsync(string.Concat(Enumerable.Repeat("some words ", 30)));
        var waiting = (await ann.Pending.Locator(".bubble").BoundingBoxAsync())!;

        Line.Restore();

        await Expect(ann.Messages).ToHaveCountAsync(1, new() { Timeout = BackMs });
        var stored = (await ann.Messages.BoundingBoxAsync())!;
        Assert.Equal((waiting.Width, waiting.Height), (stored.Width, stored.Height));
    }

    [Fact]
    public async Task Message_WhenCutBeforeItsAnswer_IsSentAgainByItself()
    {
        SkipWithoutBrowser();
        _ = Line;
        var room = $"echo {Unique}";
        var ann = await EnterAsync($"Ann {Unique}", room);
        Line.Swallow();

        await ann.WriteAsync("into the void");
        await Expect(ann.Pending).ToContainTextAsync("Sending…");
        Line.Close();

        await Expect(ann.Pending).ToContainTextAsync("Waiting to be sent");
        Line.Restore();
        await Expect(ann.Messages).ToHaveTextAsync(["into the void"], new() { Timeout = BackMs });
        await Expect(ann.Pending).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Message_WhenDiscarded_IsNotSent()
    {
        SkipWithoutBrowser();
        _ = Line;
        var ann = await EnterAsync($"Ann {Unique}", $"discard {Unique}");
        Line.Close();
        await Expect(ann.Status).ToHaveTextAsync("Reconnecting");
        await ann.WriteAsync("never mind");
        await ann.WriteAsync("but this");

        await ann.Pending.First.GetByRole(AriaRole.Button, new() { Name = "Discard" }).FocusAsync();
        await ann.Page.Keyboard.PressAsync("Enter");
        await Expect(ann.Pending).ToHaveCountAsync(1);
        await Expect(ann.Composer).ToBeFocusedAsync();

        Line.Restore();
        await Expect(ann.Messages).ToHaveTextAsync(["but this"], new() { Timeout = BackMs });
    }

    [Fact]
    public async Task Page_WhenReloaded_IsTheSamePersonWithTheSameConversation()
    {
        var (room, name) = ($"reload {Unique}", $"Ann {Unique}");
        var ann = await EnterAsync(name, room);
        await ann.SayAsync("before");

        await ann.Page.ReloadAsync();

        await ann.ExpectRoomAsync(room);
        await Expect(ann.Page.Locator("#own-name")).ToHaveTextAsync(name);
        await ann.SayAsync("still me");
        Assert.Equal(["before", "still me"], await ann.TextsAsync());
        await Expect(ann.Page.Locator("#messages .message.own")).ToHaveCountAsync(2);
    }
}
