using ChitChatz.Tests.Support;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace ChitChatz.Tests.Web;

/// <summary>
/// Each view at the widths of a desktop and of a small phone, in light and dark: none is wider than the page, and none lies above another.
/// CHITCHATZ_SCREENSHOTS names a folder for their pictures.
/// </summary>
public sealed class ViewTests(WebServerFixture server, BrowserFixture browser) : WebTest(server, browser)
{
    private const string Long = "A longer one, so that it takes more than a line on a phone: the ferry at 9:40 is full, the next one leaves at 11:15 from the old pier, https://example.org/timetable";

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 1280)]
    [InlineData(ColorScheme.Light, 320)]
    [InlineData(ColorScheme.Dark, 320)]
    public async Task Views_AtThisWidth_FitThePage(ColorScheme scheme, int width)
    {
        SkipWithoutBrowser();
        _ = Line;
        var room = $"harbour {Unique}";
        var ann = await OpenAsync(new() { ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 640 }, ReducedMotion = ReducedMotion.Reduce });
        var view = new View(ann, $"{scheme.ToString().ToLowerInvariant()}-{width}");
        await view.ExpectFitAsync("1-name");
        await ann.SignInAsync($"Ann {Unique}");
        await view.ExpectFitAsync("2-welcome");
        await ann.JoinAsync(room);
        await view.ExpectFitAsync("3-empty");

        await using ChatClient bob = await ChatClient.RegisterAsync(new UriBuilder(Address) { Scheme = "ws" }.Uri, $"Bob {Unique}");
        await using ChatClient leila = await ChatClient.RegisterAsync(new UriBuilder(Address) { Scheme = "ws" }.Uri, $"ليلى (2) {Unique}");
        await bob.JoinAsync(room);
        await leila.JoinAsync(room);
        await ann.SayAsync("Good morning");
        await bob.PostAsync("Morning! Who is on the early boat?");
        await bob.PostAsync(Long);
        await leila.PostAsync("مرحبا (1) hello");
        await leila.PostAsync("\u202Egnp.tac");
        await ann.SayAsync("Not me.");
        for (var i = 1; i <= 8; i++)
            await bob.PostAsync($"Boat {i} has left.");
        await Expect(ann.Messages).ToHaveCountAsync(14);
        await view.ExpectFitAsync("4-conversation");

        await ann.Page.Locator("#people-open").ClickAsync();
        await view.ExpectFitAsync("5-people-pressed");
        await ann.Page.Locator(width < 1080 ? "#people-close" : "#people-open").ClickAsync();

        Line.Close();
        await Expect(ann.Page.Locator("#banner")).ToContainTextAsync("Reconnecting");
        await ann.WriteAsync("Is anybody there?");
        await ann.WriteAsync(Long);
        await view.ExpectFitAsync("6-server-away");
        await ann.Page.Context.SetOfflineAsync(true);
        await Expect(ann.Status).ToHaveTextAsync("Offline");
        await view.ExpectFitAsync("7-offline");
        if (width < 760)
        {
            await ann.Page.GetByLabel("Show the rooms").ClickAsync();
            await view.ExpectFitAsync("8-drawer");
            await ann.Page.GetByLabel("Close the list of rooms").ClickAsync();
        }

        await bob.PostAsync("Nobody but me.");
        await bob.PostAsync("And I am leaving.");
        await ann.Page.Context.SetOfflineAsync(false);
        Line.Restore();
        await Expect(ann.NewLine).ToContainTextAsync("While you were away", new() { Timeout = 20_000 });
        await Expect(ann.Messages).ToHaveCountAsync(18);
        await Expect(ann.Page.Locator("#banner")).ToBeHiddenAsync();
        await view.ExpectFitAsync("9-back");
    }

    private sealed class View(ChatPage page, string kind)
    {
        /// <summary>Nothing is wider than the page, and the banner, the head and the conversation stand below each other.</summary>
        public async Task ExpectFitAsync(string name)
        {
            if (Environment.GetEnvironmentVariable("CHITCHATZ_SCREENSHOTS") is { Length: > 0 } folder)
                await page.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{kind}-{name}.png"), Animations = ScreenshotAnimations.Disabled });
            var misfits = await page.EvaluateAsync<string[]>("""
                (() => {
                  const shown = (place) => [...document.querySelectorAll(place)].filter((each) => each.checkVisibility());
                  const wide = shown("body *").filter((each) => !each.closest(".visually-hidden, .skip-link, .side:not(.open), .fate-action, .continued .message-head") && each.getBoundingClientRect().right > innerWidth + 1);
                  const rows = shown(".head, #banner, .log-frame, #typing, #composer");
                  const over = rows.slice(1).filter((row, i) => row.getBoundingClientRect().top < rows[i].getBoundingClientRect().bottom - 1);
                  const name = ({ id, className, tagName }) => id || className || tagName;
                  return [...wide.map((each) => `too wide: ${name(each)}`), ...over.map((row) => `over what is above it: ${name(row)}`)];
                })()
                """);
            Assert.True(misfits.Length == 0, $"{name}: {string.Join(", ", misfits)}");
        }
    }
}
