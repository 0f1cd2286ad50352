using System.Collections.Concurrent;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ChitChatz.Tests.Web;

/// <summary>One person's client: the page, how to use it, and what its console said.</summary>
public sealed class ChatPage : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _complaints = new();

    private ChatPage(IPage page) => Page = page;

    public IPage Page { get; }

    /// <summary>Errors, warnings, violations of the policy and script dialogs. There should be none, ever.</summary>
    public IEnumerable<string> Complaints => _complaints;

    public ILocator NameDialog => Page.Locator("#name-dialog");

    public ILocator Composer => Page.GetByLabel("Message", new() { Exact = true });

    /// <summary>Texts of the confirmed messages.</summary>
    public ILocator Messages => Page.Locator("#messages .bubble");

    /// <summary>Texts that have not come back.</summary>
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
        await Page.GetByLabel("Your name").FillAsync(name);
        await Page.GetByLabel("Your name").PressAsync("Enter");
        await Expect(NameDialog).ToBeHiddenAsync();
        await Expect(Status).ToHaveTextAsync("Connected");
    }

    /// <summary>Through the search, which also creates; opens the drawer where there is one.</summary>
    public async Task JoinAsync(string room)
    {
        await Page.Keyboard.PressAsync("Control+k");
        var search = Page.GetByLabel("Find or create a room");
        await Expect(search).ToBeFocusedAsync();
        await search.FillAsync(room);
        await search.PressAsync("Enter");
        await ExpectRoomAsync(room);
    }

    /// <summary>The server has confirmed that we are in that room.</summary>
    public async Task ExpectRoomAsync(string room, float timeoutMs = 5_000)
    {
        await Expect(Page.Locator("#room-title")).ToHaveTextAsync(room);
        await Expect(Page.Locator("#room-note")).ToHaveTextAsync("Open to everyone on this server", new() { Timeout = timeoutMs });
    }

    /// <summary>Sends and waits for the echo.</summary>
    public async Task SayAsync(string text)
    {
        await Composer.FillAsync(text);
        await Composer.PressAsync("Enter");
        await ExpectMessageAsync(text);
    }

    public Task ExpectMessageAsync(string text) => Expect(Messages.GetByText(text, new() { Exact = true })).ToBeVisibleAsync();

    public Task<T> EvaluateAsync<T>(string script) => Page.EvaluateAsync<T>(script);

    public async ValueTask DisposeAsync() => await Page.Context.DisposeAsync();

    private void Listen()
    {
        Page.Console += (_, message) =>
        {
            // The browser itself reports a refused WebSocket as an error; tests that cut the line expect that.
            if (message.Type is "error" or "warning" && !message.Text.StartsWith("WebSocket connection to", StringComparison.Ordinal))
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
