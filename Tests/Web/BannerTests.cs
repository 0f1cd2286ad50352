using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace ChitChatz.Tests.Web;

/// <summary>What is said while there is no connection: true words, in a row that neither hides nor moves what is being read.</summary>
public sealed class BannerTests(WebServerFixture server, BrowserFixture browser) : WebTest(server, browser)
{
    private const float BackMs = 20_000;

    [Theory]
    [InlineData(1280, false)]
    [InlineData(1280, true)]
    [InlineData(320, false)]
    [InlineData(320, true)]
    public async Task Banner_WhenItComesAndGoes_HidesNothingAndMovesNothing(int width, bool scrolledUp)
    {
        SkipWithoutBrowser();
        _ = Line;
        var ann = await EnterAsync($"Ann {Unique}", $"banner {Unique}", new() { ViewportSize = new() { Width = width, Height = 640 }, ReducedMotion = ReducedMotion.Reduce });
        for (var i = 0; i < 30; i++)
            await ann.SayAsync($"message {i}");
        if (scrolledUp)
        {
            await ann.Page.Locator("#log").EvaluateAsync("log => { log.scrollTop = 400; }");
            await Expect(ann.Page.GetByLabel("Jump to the latest message")).ToBeVisibleAsync();
        }

        var text = scrolledUp ? "message 15" : "message 29";
        var before = await TopAsync(ann, text);
        var banner = ann.Page.Locator("#banner");

        Line.Close();
        await Expect(banner).ToBeVisibleAsync();
        Assert.Equal(before, await TopAsync(ann, text), 1.0);
        var (row, log) = (await banner.BoundingBoxAsync(), await ann.Page.Locator("#log").BoundingBoxAsync());
        Assert.True(row!.Y + row.Height <= log!.Y + 1, $"The banner ends at {row.Y + row.Height}, and the log begins at {log.Y}.");
        Assert.Equal(row.Width, log.Width, 1.0);

        Line.Restore();
        await Expect(banner).ToBeHiddenAsync(new() { Timeout = BackMs });
        Assert.Equal(before, await TopAsync(ann, text), 1.0);
    }

    [Fact]
    public async Task Banner_WhenTheServerIsAway_TellsWhenItIsTriedAgain()
    {
        SkipWithoutBrowser();
        _ = Line;
        var ann = await EnterAsync($"Ann {Unique}", $"away {Unique}");
        Line.Close();

        // The pauses grow; within some tries one is long enough to be counted down.
        await Expect(ann.Page.Locator("#banner-text")).ToHaveTextAsync(Countdown, new() { Timeout = BackMs });
        await Expect(ann.Status).ToHaveTextAsync("Reconnecting");
        await Expect(ann.Page.Locator("#banner")).Not.ToContainTextAsync("offline");
        Line.Restore();
        await ann.Page.GetByText("Try now").ClickAsync();
        await Expect(ann.Status).ToHaveTextAsync("Connected", new() { Timeout = BackMs });
    }

    [Fact]
    public async Task Banner_WhenTheBrowserIsOffline_SaysThatAndNotThatTheServerIsAway()
    {
        SkipWithoutBrowser();
        _ = Line;
        var ann = await EnterAsync($"Ann {Unique}", $"nowhere {Unique}");
        var banner = ann.Page.Locator("#banner-text");
        await ann.Page.Context.SetOfflineAsync(true);
        Line.Close();

        // A browser that is made to be offline may not tell that the line was cut; then the page finds out by the answer that does not come.
        await Expect(banner).ToHaveTextAsync("You are offline. What you write is sent when you are back.", new() { Timeout = BackMs });
        await Expect(ann.Status).ToHaveTextAsync("Offline");
        await Expect(ann.Page.Locator("#people-count")).ToHaveTextAsync("–");
        await ann.WriteAsync("from the tunnel");
        await ann.Page.Context.SetOfflineAsync(false);
        await Expect(banner).ToContainTextAsync("Reconnecting");
        Line.Restore();
        await ann.ExpectMessageAsync("from the tunnel");
    }

    private static System.Text.RegularExpressions.Regex Countdown { get; } = new(@"Reconnecting in [1-9][0-9]* s…$");

    /// <summary>Where a message is painted, when it has arrived. A layout between two frames, which nobody sees, has the banner already and the log's answer to it not yet.</summary>
    private static async Task<double> TopAsync(ChatPage page, string text)
    {
        await page.PaintedAsync();
        return await page.Messages.GetByText(text, new() { Exact = true }).EvaluateAsync<double>("""
            async (bubble) => {
              await Promise.all(bubble.closest(".message").getAnimations({ subtree: true }).map(({ finished }) => finished));
              return bubble.getBoundingClientRect().top;
            }
            """);
    }
}
