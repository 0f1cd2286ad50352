using Xunit;
using static Microsoft.Playwright.Assertions;

namespace ChitChatz.Tests.Web;

public sealed class PeopleTests(WebServerFixture server, BrowserFixture browser) : WebTest(server, browser)
{
    [Fact]
    public async Task People_WhenSomebodyComesAndGoes_AreListed()
    {
        var room = $"people {Unique}";
        var ann = await EnterAsync($"Ann {Unique}", room);
        var list = ann.Page.Locator("#people-list .person-name");
        await Expect(list).ToHaveTextAsync([$"Ann {Unique} (you)"]);

        var bob = await EnterAsync($"Bob {Unique}", room);
        await Expect(list).ToHaveTextAsync([$"Ann {Unique} (you)", $"Bob {Unique}"]);
        await Expect(ann.Page.GetByLabel("People: 2 people here")).ToBeVisibleAsync();

        await bob.Page.GetByLabel("Leave the room").ClickAsync();
        await Expect(list).ToHaveTextAsync([$"Ann {Unique} (you)"]);
    }

    [Fact]
    public async Task Typing_WhenSomebodyWrites_IsShownUntilTheMessageComes()
    {
        var room = $"typing {Unique}";
        var ann = await EnterAsync($"Ann {Unique}", room);
        var bob = await EnterAsync($"Bob {Unique}", room);
        await Expect(ann.Page.Locator("#room-note")).ToContainTextAsync("2 people");

        await bob.Composer.PressSequentiallyAsync("hi");

        await Expect(ann.Page.Locator("#typing")).ToHaveTextAsync($"Bob {Unique} is typing…");
        await bob.Composer.PressAsync("Enter");
        await ann.ExpectMessageAsync("hi");
        await Expect(ann.Page.Locator("#typing")).ToBeEmptyAsync();
        await Expect(bob.Page.Locator("#typing")).ToBeEmptyAsync();
    }
}
