using Xunit;
using static Microsoft.Playwright.Assertions;

namespace ChitChatz.Tests.Web;

public sealed class KeyboardTests(WebServerFixture server, BrowserFixture browser) : WebTest(server, browser)
{
    [Fact]
    public async Task Person_WithKeyboardAlone_SignsInJoinsAndSends()
    {
        var ann = await OpenAsync();
        var keyboard = ann.Page.Keyboard;

        await Expect(ann.Page.GetByLabel("Your name")).ToBeFocusedAsync();
        await keyboard.TypeAsync($"Ann {Unique}");
        await keyboard.PressAsync("Enter");
        await Expect(ann.Status).ToHaveTextAsync("Connected");
        await keyboard.PressAsync("Control+k");
        await keyboard.TypeAsync($"keys {Unique}");
        await keyboard.PressAsync("Enter");
        await ann.ExpectRoomAsync($"keys {Unique}");
        await Expect(ann.Composer).ToBeFocusedAsync();
        await keyboard.TypeAsync("first line");
        await keyboard.PressAsync("Shift+Enter");
        await keyboard.TypeAsync("second line");
        await keyboard.PressAsync("Enter");

        await Expect(ann.Messages).ToHaveTextAsync(["first line\nsecond line"]);
        await Expect(ann.Composer).ToHaveValueAsync("");
        await Expect(ann.Composer).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Rooms_WithArrows_AreWalkedAndEntered()
    {
        _ = await EnterAsync($"Ann {Unique}", $"{Unique} a");
        _ = await EnterAsync($"Bob {Unique}", $"{Unique} b");
        var cas = await OpenAsync();
        await cas.SignInAsync($"Cas {Unique}");
        await cas.Page.Keyboard.PressAsync("Control+k");
        await cas.Page.Keyboard.TypeAsync(Unique);
        await Expect(cas.Page.Locator("#room-list button")).ToHaveCountAsync(2);

        await cas.Page.Keyboard.PressAsync("ArrowDown");
        await cas.Page.Keyboard.PressAsync("ArrowDown");
        await Expect(cas.Page.Locator("#room-list button").Nth(1)).ToBeFocusedAsync();
        await cas.Page.Keyboard.PressAsync("ArrowUp");
        await cas.Page.Keyboard.PressAsync("End");
        await cas.Page.Keyboard.PressAsync("Enter");

        await cas.ExpectRoomAsync($"{Unique} b");
    }

    [Fact]
    public async Task Messages_WithArrows_AreWalkedAndHidden()
    {
        var ann = await EnterAsync($"Ann {Unique}", $"walk {Unique}");
        await ann.SayAsync("first");
        await ann.SayAsync("second");
        var keyboard = ann.Page.Keyboard;

        await keyboard.PressAsync("Shift+Tab");
        await Expect(ann.Page.Locator("#messages .message").Nth(1)).ToBeFocusedAsync();
        await keyboard.PressAsync("ArrowUp");
        await keyboard.PressAsync("Enter");
        await Expect(ann.Page.GetByRole(Microsoft.Playwright.AriaRole.Menuitem).First).ToBeFocusedAsync();
        await keyboard.PressAsync("Escape");
        await Expect(ann.Page.Locator("#messages .message").First).ToBeFocusedAsync();
        await keyboard.PressAsync("Enter");
        await keyboard.PressAsync("End");
        await keyboard.PressAsync("Enter");

        await Expect(ann.Messages).ToHaveTextAsync(["second"]);
        await Expect(ann.Page.Locator("#messages .message")).ToBeFocusedAsync();
    }

    [Theory]
    [InlineData("Settings", "#settings-dialog")]
    [InlineData("Connection details", "#info-dialog")]
    [InlineData("New room", "#room-dialog")]
    public async Task Dialog_WhenEscapeIsPressed_ClosesAndGivesTheFocusBack(string button, string dialog)
    {
        var ann = await OpenAsync();
        await ann.SignInAsync($"Ann {Unique}");
        var opener = ann.Page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = button, Exact = true });
        await opener.FocusAsync();
        await ann.Page.Keyboard.PressAsync("Enter");
        await Expect(ann.Page.Locator(dialog)).ToBeVisibleAsync();

        await ann.Page.Keyboard.PressAsync("Escape");

        await Expect(ann.Page.Locator(dialog)).ToBeHiddenAsync();
        await Expect(opener).ToBeFocusedAsync();
    }

    [Fact]
    public async Task RoomDialog_WhenARoomIsOpened_LeavesTheFocusWhereOneWrites()
    {
        var ann = await OpenAsync();
        await ann.SignInAsync($"Ann {Unique}");
        await ann.Page.Locator("#room-new").FocusAsync();
        await ann.Page.Keyboard.PressAsync("Enter");
        await ann.Page.Keyboard.TypeAsync($"opened {Unique}");
        await ann.Page.Keyboard.PressAsync("Enter");
        await ann.ExpectRoomAsync($"opened {Unique}");

        await Expect(ann.Composer).ToBeFocusedAsync();
        await ann.Page.Keyboard.TypeAsync("at once");
        await ann.Page.Keyboard.PressAsync("Enter");
        await ann.ExpectMessageAsync("at once");
    }

    /// <summary>Safari says that a composition is over, and then gives the Enter that ended it, with the code of a key that an input method took.</summary>
    [Fact]
    public async Task Enter_ThatEndsAComposition_SendsNothing()
    {
        var ann = await EnterAsync($"Ann {Unique}", $"composing {Unique}");
        await ann.Composer.FillAsync("にほん");

        await ann.Composer.EvaluateAsync("input => input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', keyCode: 229, bubbles: true, cancelable: true }))");

        await Expect(ann.Composer).ToHaveValueAsync("にほん");
        await ann.Composer.PressAsync("Enter");
        await ann.ExpectMessageAsync("にほん");
    }

    [Fact]
    public async Task NameDialog_WhenEscapeIsPressed_Stays()
    {
        var page = await OpenAsync();

        await page.Page.Keyboard.PressAsync("Escape");
        await page.Page.Keyboard.PressAsync("Escape");

        await Expect(page.NameDialog).ToBeVisibleAsync();
    }
}
