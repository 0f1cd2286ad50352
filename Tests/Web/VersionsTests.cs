using ChitChatz.Tests.Support;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace ChitChatz.Tests.Web;

/// <summary>The page, which speaks version 2, and a client of version 1, by its raw frames, in one room.</summary>
public sealed class VersionsTests(WebServerFixture server, BrowserFixture browser) : WebTest(server, browser)
{
    [Fact]
    public async Task Room_WhenBothVersionsAreInIt_CarriesBothWays()
    {
        var (room, name) = ($"versions {Unique}", $"Old {Unique}");
        var ann = await EnterAsync($"Ann {Unique}", room);
        await using ChatClient old = await ChatClient.RegisterAsync(new UriBuilder(Address) { Scheme = "ws" }.Uri, name);
        await old.JoinAsync(room);
        await Expect(ann.Page.Locator("#room-note")).ToContainTextAsync("2 people");

        await ann.SayAsync("to the old one");
        Assert.Equal(($"Ann {Unique}", "to the old one"), await old.ExpectMessageAsync());
        await old.PostAsync("and back");

        await ann.ExpectMessageAsync("and back");
        await Expect(ann.Page.Locator("#messages .message-from").Last).ToHaveTextAsync(name);
        await Expect(ann.Page.Locator("#people-list")).ToContainTextAsync(name);
        Assert.Equal(($"{name}", "and back"), await old.ExpectMessageAsync());
        await old.LeaveAsync();
        await Expect(ann.Page.Locator("#room-note")).ToContainTextAsync("1 person");
    }
}
