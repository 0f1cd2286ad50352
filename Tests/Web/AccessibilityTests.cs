using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace ChitChatz.Tests.Web;

/// <summary>axe-core on each view, in light and dark: nothing serious or critical.</summary>
public sealed class AccessibilityTests(WebServerFixture server, BrowserFixture browser) : WebTest(server, browser)
{
    /// <summary>What is in order need not be described.</summary>
    private static readonly AxeRunOptions s_options = new() { ResultTypes = [ResultType.Violations], Iframes = false };

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 320)]
    public async Task Views_WhenAnalysed_HaveNoSeriousViolation(ColorScheme scheme, int width)
    {
        SkipWithoutBrowser();
        _ = Line;
        var options = new BrowserNewContextOptions { ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 760 }, ReducedMotion = ReducedMotion.Reduce };
        var room = $"axe {Unique}";
        var bob = await EnterDirectlyAsync($"Bob {Unique}", room);
        var ann = await OpenAsync(options);
        await ExpectNothingSeriousAsync(ann, "the name dialog");
        await ann.SignInAsync($"Ann {Unique}");
        await ExpectNothingSeriousAsync(ann, "the welcome");

        await ann.JoinAsync(room);
        await ExpectNothingSeriousAsync(ann, "an empty room");
        await ann.SayAsync("hello https://example.org/");
        await bob.SayAsync("hello you");
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

    /// <summary>The control: what the test above looks with does see.</summary>
    [Fact]
    public async Task Views_WhenAButtonHasNoName_AreFoundOut()
    {
        var page = await OpenAsync();
        await page.Page.EvaluateAsync("document.querySelector('#name-form').append(document.createElement('button'))");

        Assert.Contains("button-name", (await SeriousAsync(page)).Select(static item => item.Id));
    }

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
