using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace ChitChatz.Tests.Web;

public sealed class PhoneTests(WebServerFixture server, BrowserFixture browser) : WebTest(server, browser)
{
    private static readonly BrowserNewContextOptions Narrow = new() { ViewportSize = new() { Width = 360, Height = 740 }, HasTouch = true, IsMobile = true };

    [Fact]
    public async Task Drawer_WhenOpened_HoldsTheRoomsAndClosesOnEntering()
    {
        var room = $"phone {Unique}";
        _ = await EnterAsync($"Bob {Unique}", room);
        var ann = await OpenAsync(Narrow);
        await ann.SignInAsync($"Ann {Unique}");
        var side = ann.Page.Locator("#side");
        await Expect(side).Not.ToBeInViewportAsync();

        await ann.Page.GetByLabel("Show the rooms").TapAsync();
        await Expect(side).ToBeInViewportAsync();
        await ann.Page.Locator("#room-list button", new() { HasText = room }).TapAsync();

        await ann.ExpectRoomAsync(room);
        await Expect(side).Not.ToBeInViewportAsync();
        await ann.SayAsync("from the train");
    }

    [Fact]
    public async Task Drawer_WhenEscapeIsPressed_ClosesAndGivesTheFocusBack()
    {
        var ann = await OpenAsync(Narrow);
        await ann.SignInAsync($"Ann {Unique}");
        var opener = ann.Page.GetByLabel("Show the rooms");
        await opener.TapAsync();
        await Expect(ann.Page.GetByLabel("Close the list of rooms")).ToBeFocusedAsync();

        await ann.Page.Keyboard.PressAsync("Escape");

        await Expect(opener).ToBeFocusedAsync();
        await Expect(opener).ToHaveAttributeAsync("aria-expanded", "false");
    }

    [Fact]
    public async Task Page_WhenWordsAreEndless_DoesNotGrowSideways()
    {
        var ann = await EnterAsync($"Ann {Unique}", $"{new string('w', 60)} {Unique}", Narrow);

        await ann.SayAsync(new string('x', 3000));
        await ann.SayAsync("https://example.org/" + new string('y', 500));

        Assert.Equal(360, await ann.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        Assert.Equal(0, await ann.EvaluateAsync<int>("(log => log.scrollWidth - log.clientWidth)(document.querySelector('#log'))"));
    }
}
