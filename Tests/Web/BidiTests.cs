using ChitChatz.Tests.Support;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace ChitChatz.Tests.Web;

/// <summary>Names and texts that run from right to left keep to themselves.</summary>
public sealed class BidiTests(WebServerFixture server, BrowserFixture browser) : WebTest(server, browser)
{
    [Theory]
    [InlineData(1280)]
    [InlineData(320)]
    public async Task Names_WhenTheyRunFromRightToLeft_LeaveTheirNeighboursInPlace(int width)
    {
        var options = new BrowserNewContextOptions { ViewportSize = new() { Width = width, Height = 740 } };
        var (arabic, room) = ($"ليلى {Unique}", $"غرفة {Unique} (3)");
        var ann = await EnterAsync($"Ann {Unique}", room, options);
        await using ChatClient leila = await ChatClient.RegisterAsync(new UriBuilder(Address) { Scheme = "ws" }.Uri, arabic);
        await leila.JoinAsync(room);
        await leila.PostAsync("مرحبا (1) hello");
        await leila.PostAsync("\u202Egnp.tac");
        await Expect(ann.Messages).ToHaveCountAsync(2);

        // The time stands to the right of the name, as it does for every other name; and every name is isolated from what is beside it.
        var (name, time) = (await BoxAsync(ann, ".message-from"), await BoxAsync(ann, ".message-time"));
        Assert.True(time.X >= name.X + name.Width, $"The time at {time.X} should be right of the name, which ends at {name.X + name.Width}.");
        foreach (var place in new[] { "#messages .message-from", "#room-list .room-name bdi", "#people-list .person-name bdi", "#own-name" })
            await Expect(ann.Page.Locator(place).First).ToHaveCSSAsync("unicode-bidi", "isolate");
        await Expect(ann.Messages.First).ToHaveCSSAsync("direction", "rtl");
        Assert.Equal(width, await ann.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        if (Environment.GetEnvironmentVariable("CHITCHATZ_SCREENSHOTS") is { Length: > 0 } folder)
            await ann.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"bidi-{width}.png") });
    }

    private static async Task<LocatorBoundingBoxResult> BoxAsync(ChatPage page, string place) => (await page.Page.Locator($"#messages {place}").First.BoundingBoxAsync())!;
}
