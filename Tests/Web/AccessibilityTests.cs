using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace ChitChatz.Tests.Web;

/// <summary>axe-core on each view, in light and dark: nothing serious or critical.</summary>
public sealed class AccessibilityTests(WebServerFixture server, BrowserFixture browser) : WebTest(server, browser)
{
    // A lost connection comes back after pauses that grow from half a second on.
    private const float BackMs = 20_000;

    /// <summary>What is in order need not be described.</summary>
    private static readonly AxeRunOptions s_options = new() { ResultTypes = [ResultType.Violations], Iframes = false };

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 320)]
    public async Task Views_WhenAnalysed_HaveNoSeriousViolation(ColorScheme scheme, int width)
    {
        SkipWithoutBrowser();
        _ = Line;
        var (room, bobName) = ($"axe {Unique}", $"Bob {Unique}");
        var bob = await EnterDirectlyAsync(bobName, room);
        var ann = await OpenAsync(Look(scheme, width));
        await ExpectNothingSeriousAsync(ann, "the name dialog");
        await ann.AskForNameAsync(bobName);
        await Expect(ann.Page.Locator("#name-problem")).Not.ToBeEmptyAsync();
        await ExpectNothingSeriousAsync(ann, "the name dialog with a problem");
        await ann.SignInAsync($"Ann {Unique}");
        await ExpectNothingSeriousAsync(ann, "the welcome");

        await ann.AskForRoomAsync(new string('x', 300));
        await Expect(ann.Toasts).ToBeVisibleAsync();
        // One that is being read stays.
        await ann.Toasts.HoverAsync();
        await ExpectNothingSeriousAsync(ann, "a notice");
        await ann.Toasts.GetByRole(AriaRole.Button, new() { Name = "Dismiss" }).ClickAsync();
        await Expect(ann.Toasts).ToHaveCountAsync(0);

        await ann.JoinAsync(room);
        await ExpectNothingSeriousAsync(ann, "an empty room");
        await ann.SayAsync("hello https://example.org/");
        await bob.Composer.PressSequentiallyAsync("hello you");
        await Expect(ann.Page.Locator("#typing")).ToHaveTextAsync($"{bobName} is typing…");
        await ExpectNothingSeriousAsync(ann, "somebody who is typing");
        await bob.Composer.PressAsync("Enter");
        await ann.ExpectMessageAsync("hello you");
        await ExpectNothingSeriousAsync(ann, "a conversation");

        await ann.Page.Locator("#messages .message").Last.FocusAsync();
        await ann.Page.Keyboard.PressAsync("Enter");
        await Expect(ann.Page.Locator("#message-menu")).ToBeVisibleAsync();
        await ExpectNothingSeriousAsync(ann, "the menu of a message");
        await ann.Page.Keyboard.PressAsync("Escape");

        if (!await ann.Page.Locator("#people").IsVisibleAsync())
            await ann.Page.Locator("#people-open").ClickAsync();
        await ExpectNothingSeriousAsync(ann, "the people");
        if (width < 1080)
            await ann.Page.Locator("#people-close").ClickAsync();

        foreach (var (button, dialog) in new[] { ("#settings-open", "#settings-dialog"), ("#info-open", "#info-dialog"), ("#room-new", "#room-dialog") })
        {
            if (width < 760)
                await ann.Page.Locator("#drawer-open").ClickAsync();
            await ann.Page.Locator(button).ClickAsync();
            await Expect(ann.Page.Locator(dialog)).ToBeVisibleAsync();
            await ExpectNothingSeriousAsync(ann, dialog);
            await ann.Page.Keyboard.PressAsync("Escape");
            if (width < 760)
                await ann.Page.Locator("#drawer-close").ClickAsync();
        }

        Line.Close();
        await Expect(ann.Status).ToHaveTextAsync("Reconnecting");
        await ann.WriteAsync("written offline");
        await Expect(ann.Pending).ToHaveCountAsync(1);
        await ExpectNothingSeriousAsync(ann, "offline");
        if (width < 760)
        {
            await ann.Page.Locator("#drawer-open").ClickAsync();
            await ExpectNothingSeriousAsync(ann, "the drawer");
        }

        await ann.Page.Locator("#sign-out").ClickAsync();
        await Expect(ann.Page.Locator("#sign-out-dialog")).ToBeVisibleAsync();
        await ExpectNothingSeriousAsync(ann, "#sign-out-dialog");
    }

    /// <summary>A message that the server does not take, and a server that does not take the page.</summary>
    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 320)]
    public async Task Refusals_WhenAnalysed_HaveNoSeriousViolation(ColorScheme scheme, int width)
    {
        var refusal = Refusal.OfMessages();
        var ann = await EnterBehindAsync(refusal.Serve, $"Ann {Unique}", $"axe {Unique}", Look(scheme, width));
        await ann.WriteAsync("refused");
        await Expect(ann.Pending.GetByRole(AriaRole.Alert)).ToContainTextAsync(Refusal.Reason);
        await ExpectNothingSeriousAsync(ann, "a refused message");

        await refusal.CloseAsync();
        await Expect(ann.Status).ToHaveTextAsync("Disconnected");
        await Expect(ann.Page.Locator("#banner")).ToContainTextAsync("The server refused this connection.");
        await ExpectNothingSeriousAsync(ann, "disconnected");
        if (width < 760)
        {
            await ann.Page.Locator("#drawer-open").ClickAsync();
            await ExpectNothingSeriousAsync(ann, "disconnected, the drawer");
        }
    }

    /// <summary>More than is read at once, so that some of it is offered, and has to be read.</summary>
    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 320)]
    public async Task WhatWasMissed_WhenAnalysed_HasNoSeriousViolation(ColorScheme scheme, int width)
    {
        SkipWithoutBrowser();
        _ = Line;
        var ann = await MissAsync($"axe {Unique}", 120, Look(scheme, width));
        var older = ann.Page.Locator("#older");
        await Expect(ann.NewLine).ToHaveTextAsync("While you were away: 120 new messages");
        await Expect(ann.Page.Locator("#unread-go")).ToHaveTextAsync("120 new messages");
        await ExpectNothingSeriousAsync(ann, "the offer to go to what was missed");

        Line.Swallow();
        await ann.Page.WaitForFunctionAsync("() => { document.querySelector('#log').scrollTop = 0; return document.querySelector('#older').dataset.state === 'loading'; }");
        Line.Close();
        await Expect(older).ToContainTextAsync("Earlier messages could not be read.");
        await ExpectNothingSeriousAsync(ann, "earlier messages that could not be read");

        Line.Restore();
        await Expect(ann.Status).ToHaveTextAsync("Connected", new() { Timeout = BackMs });
        await ann.Page.Locator("#unread-go").ClickAsync();
        await Expect(ann.NewLine).ToBeInViewportAsync();
        await ExpectNothingSeriousAsync(ann, "the line above what was missed");
    }

    /// <summary>The control: what the test above looks with does see.</summary>
    [Fact]
    public async Task Views_WhenAButtonHasNoName_AreFoundOut()
    {
        var page = await OpenAsync();
        await page.Page.EvaluateAsync("document.querySelector('#name-form').append(document.createElement('button'))");

        Assert.Contains("button-name", (await SeriousAsync(page)).Select(static item => item.Id));
    }

    private static BrowserNewContextOptions Look(ColorScheme scheme, int width) =>
        new() { ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 760 }, ReducedMotion = ReducedMotion.Reduce };

    private static async Task ExpectNothingSeriousAsync(ChatPage page, string view)
    {
        var found = (await SeriousAsync(page)).Select(item => $"{view}: {item.Impact} {item.Id}: {item.Help}\n  {string.Join("\n  ", item.Nodes.Select(static node => node.Html + "\n    " + string.Join("; ", node.Any.Select(static check => check.Message))))}");

        Assert.Empty(found);
    }

    private static async Task<AxeResultItem[]> SeriousAsync(ChatPage page)
    {
        // What is still fading in has other colours than those that are read.
        await page.EvaluateAsync<bool>("Promise.all(document.getAnimations({ subtree: true }).filter(({ effect }) => effect.getComputedTiming().iterations !== Infinity).map(({ finished }) => finished.catch(() => {}))).then(() => true)");
        return [.. (await page.Page.RunAxe(s_options)).Violations.Where(static item => item.Impact is "serious" or "critical")];
    }
}
