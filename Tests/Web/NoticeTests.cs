using Xunit;
using static Microsoft.Playwright.Assertions;

namespace ChitChatz.Tests.Web;

public sealed class NoticeTests(WebServerFixture server, BrowserFixture browser) : WebTest(server, browser)
{
    /// <summary>A refused room is told of until one is in a room: it would be read as if that one had been refused.</summary>
    [Fact]
    public async Task Refusal_WhenARoomIsEnteredAfterAll_IsNotSaidAnyLonger()
    {
        var page = await OpenAsync();
        await page.SignInAsync($"Ann {Unique}");
        await page.AskForRoomAsync(new string('x', 300));
        await Expect(page.Toasts).ToBeVisibleAsync();

        await page.JoinAsync($"notices {Unique}");

        await Expect(page.Toasts).ToHaveCountAsync(0, new() { Timeout = 2_000 });
    }
}
