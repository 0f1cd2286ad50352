using System.Text.RegularExpressions;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace ChitChatz.Tests.Web;

public sealed class ConversationTests(WebServerFixture server, BrowserFixture browser) : WebTest(server, browser)
{
    [Fact]
    public async Task Message_WhenTwoAreInOneRoom_ReachesBothWithItsSender()
    {
        var (room, annName) = ($"talk {Unique}", $"Ann {Unique}");
        var ann = await EnterAsync(annName, room);
        var bob = await EnterAsync($"Bob {Unique}", room);

        await ann.SayAsync("good morning");
        await bob.ExpectMessageAsync("good morning");
        await bob.SayAsync("good morning to you");
        await ann.ExpectMessageAsync("good morning to you");

        await Expect(ann.Page.Locator("#messages .message").First).ToHaveClassAsync(new Regex(@"\bown\b"));
        await Expect(bob.Page.Locator("#messages .message").First).Not.ToHaveClassAsync(new Regex(@"\bown\b"));
        await Expect(bob.Page.Locator("#messages .message-from").First).ToHaveTextAsync(annName);
        await Expect(ann.Pending).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Message_WhenOneSenderWritesTwice_IsGrouped()
    {
        var ann = await EnterAsync($"Ann {Unique}", $"group {Unique}");

        await ann.SayAsync("first");
        await ann.SayAsync("second");

        await Expect(ann.Page.Locator("#messages .message.continued")).ToHaveCountAsync(1);
        await Expect(ann.Page.Locator("#messages .day")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task Log_WhenReaderScrolledUp_StaysAndOffersTheNewMessages()
    {
        var room = $"long {Unique}";
        var ann = await EnterAsync($"Ann {Unique}", room);
        var bob = await EnterAsync($"Bob {Unique}", room);
        await bob.SayAsync("tall\n" + string.Concat(Enumerable.Repeat("line\n", 80)) + "end");
        await Expect(ann.Messages).ToHaveCountAsync(1);
        await ann.Page.Locator("#log").EvaluateAsync("log => { log.scrollTop = 0; }");
        await Expect(ann.Page.Locator("#newer")).ToHaveTextAsync("");

        await bob.SayAsync("news");

        await Expect(ann.Page.Locator("#newer")).ToHaveTextAsync("1 new message");
        Assert.Equal(0, await ann.EvaluateAsync<int>("document.querySelector('#log').scrollTop"));
        await ann.Page.Locator("#newer").ClickAsync();
        await Expect(ann.Messages.Last).ToBeInViewportAsync();
        await Expect(ann.Page.Locator("#newer")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Leave_WhenInARoom_GoesBackToTheWelcome()
    {
        var ann = await EnterAsync($"Ann {Unique}", $"leave {Unique}");

        await ann.Page.GetByLabel("Leave the room").ClickAsync();

        await Expect(ann.Page.GetByText("Where would you like to talk?")).ToBeVisibleAsync();
        await Expect(ann.Page.Locator("#room-list button", new() { HasText = $"leave {Unique}" })).ToHaveCountAsync(0);
    }

    [Theory]
    [InlineData("see https://example.org/a_(b).", "https://example.org/a_(b)")]
    [InlineData("(see https://example.org/a)", "https://example.org/a")]
    [InlineData("(https://example.org/a_(b)), really", "https://example.org/a_(b)")]
    [InlineData("well, https://example.org/a...", "https://example.org/a")]
    [InlineData("(https://example.org/a_(b)...)?!", "https://example.org/a_(b)")]
    [InlineData("https://example.org/?q[]=1&r[a]!", "https://example.org/?q[]=1&r[a]")]
    public async Task Address_WhenSaid_IsALinkWithoutTheMarksAroundIt(string text, string address)
    {
        var ann = await EnterAsync($"Ann {Unique}", $"links {Unique}");

        await ann.SayAsync(text);

        await Expect(ann.Messages.Locator("a")).ToHaveTextAsync(address);
    }

    [Fact]
    public async Task Message_WhenHidden_GoesForOneselfAndComesBackByUndo()
    {
        var room = $"hide {Unique}";
        var ann = await EnterAsync($"Ann {Unique}", room);
        var bob = await EnterAsync($"Bob {Unique}", room);
        await bob.SayAsync("look away");
        await ann.ExpectMessageAsync("look away");

        await ann.Page.Locator("#messages .message").HoverAsync();
        await ann.Page.Locator(".message-more").ClickAsync();
        await ann.Page.GetByRole(Microsoft.Playwright.AriaRole.Menuitem, new() { Name = "Hide for me" }).ClickAsync();

        await Expect(ann.Messages).ToHaveCountAsync(0);
        await Expect(bob.Messages).ToHaveCountAsync(1);
        await ann.Page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await ann.ExpectMessageAsync("look away");
    }

    [Fact]
    public async Task Message_WhenCopied_IsOnTheClipboardWithItsLines()
    {
        var ann = await OpenAsync(new() { Permissions = ["clipboard-read", "clipboard-write"] });
        await ann.SignInAsync($"Ann {Unique}");
        await ann.JoinAsync($"copy {Unique}");
        await ann.Composer.FillAsync("one\ntwo <b>");
        await ann.Composer.PressAsync("Enter");
        await Expect(ann.Messages).ToHaveCountAsync(1);

        await ann.Page.Locator("#messages .message").HoverAsync();
        await ann.Page.Locator(".message-more").ClickAsync();
        await ann.Page.GetByRole(Microsoft.Playwright.AriaRole.Menuitem, new() { Name = "Copy text" }).ClickAsync();

        await Expect(ann.Toasts).ToHaveTextAsync("Message copied.");
        Assert.Equal("one\ntwo <b>", await ann.EvaluateAsync<string>("navigator.clipboard.readText()"));
    }
}
