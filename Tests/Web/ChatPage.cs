using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ChitChatz.Tests.Web;

/// <summary>One person's client: the page, how to use it, and what its console said.</summary>
public sealed partial class ChatPage : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _complaints = new();

    private ChatPage(IPage page) => Page = page;

    public IPage Page { get; }

    /// <summary>Errors, warnings, violations of the policy and script dialogs. There should be none, ever.</summary>
    public IEnumerable<string> Complaints => _complaints;

    /// <summary>For a test that provoked them and has looked at them.</summary>
    public void ForgetComplaints() => _complaints.Clear();

    public ILocator NameDialog => Page.Locator("#name-dialog");

    public ILocator Composer => Page.GetByLabel("Message", new() { Exact = true });

    /// <summary>Texts of the confirmed messages.</summary>
    public ILocator Messages => Page.Locator("#messages .bubble");

    /// <summary>Messages of this person that are not known to be stored.</summary>
    public ILocator Pending => Page.Locator("#pending .message");

    public ILocator Toasts => Page.Locator(".toast");

    public ILocator Status => Page.Locator("#status-label");

    public static async Task<ChatPage> OpenAsync(IBrowser browser, Uri address, BrowserNewContextOptions options)
    {
        var context = await browser.NewContextAsync(options);
        var page = new ChatPage(await context.NewPageAsync());
        page.Listen();
        await page.Page.GotoAsync(address.ToString());
        return page;
    }

    public async Task SignInAsync(string name)
    {
        await AskForNameAsync(name);
        await Expect(NameDialog).ToBeHiddenAsync();
        await Expect(Status).ToHaveTextAsync("Connected");
    }

    /// <summary>Gives a name, whatever the server says to it.</summary>
    public async Task AskForNameAsync(string name)
    {
        await Page.GetByLabel("Your name").FillAsync(name);
        await Page.GetByLabel("Your name").PressAsync("Enter");
    }

    /// <summary>Enters a room, which is made if there is none.</summary>
    public async Task JoinAsync(string room)
    {
        await AskForRoomAsync(room);
        await ExpectRoomAsync(room);
    }

    /// <summary>Through the search, which also creates; opens the drawer where there is one. Whatever the server says to it.</summary>
    public async Task AskForRoomAsync(string room)
    {
        await Page.Keyboard.PressAsync("Control+k");
        var search = Page.GetByLabel("Find or create a room");
        await Expect(search).ToBeFocusedAsync();
        await search.FillAsync(room);
        await search.PressAsync("Enter");
    }

    /// <summary>The server has confirmed that we are in that room.</summary>
    public async Task ExpectRoomAsync(string room, float timeoutMs = 5_000)
    {
        await Expect(Page.Locator("#room-title")).ToHaveTextAsync(room);
        await Expect(Page.Locator("#room-note")).ToHaveTextAsync(In(), new() { Timeout = timeoutMs });
    }

    /// <summary>Sends and waits until it is stored.</summary>
    public async Task SayAsync(string text)
    {
        await WriteAsync(text);
        await ExpectMessageAsync(text);
    }

    /// <summary>Sends, whatever becomes of it.</summary>
    public async Task WriteAsync(string text)
    {
        await Composer.FillAsync(text);
        await Composer.PressAsync("Enter");
    }

    /// <summary>The line between what was read and what is new.</summary>
    public ILocator NewLine => Page.Locator("#messages .line");

    /// <summary>Texts of the conversation from top to bottom: what is stored, then what is not.</summary>
    public async Task<string[]> TextsAsync() =>
        await EvaluateAsync<string[]>("[...document.querySelectorAll('.messages .bubble')].map(bubble => bubble.textContent)");

    public Task ExpectMessageAsync(string text) => Expect(Messages.GetByText(text, new() { Exact = true })).ToBeVisibleAsync();

    /// <summary>What is in the document now is on the screen, with what observers of sizes answered to it.</summary>
    public Task PaintedAsync() =>
        EvaluateAsync<bool>("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(() => done(true)))))");

    public Task<T> EvaluateAsync<T>(string script) => Page.EvaluateAsync<T>(script);

    public async ValueTask DisposeAsync() => await Page.Context.DisposeAsync();

    /// <summary>How many people are there, which is only known to who is in the room.</summary>
    [GeneratedRegex("^[0-9]+ (person|people) here")]
    private static partial Regex In();

    private void Listen()
    {
        Page.Console += (_, message) =>
        {
            // The browser itself reports a refused WebSocket as an error, which tests that cut the line expect, and asks for the icon of a
            // page that is no page.
            var browsers = message.Text.StartsWith("WebSocket connection to", StringComparison.Ordinal) || message.Location.Contains("/favicon.ico", StringComparison.Ordinal);
            if (message.Type is "error" or "warning" && !browsers)
                _complaints.Enqueue($"console: {message.Text}");
        };
        Page.PageError += (_, error) => _complaints.Enqueue($"error: {error}");
        Page.Dialog += async (_, dialog) =>
        {
            _complaints.Enqueue($"dialog: {dialog.Message}");
            await dialog.DismissAsync();
        };
    }
}
