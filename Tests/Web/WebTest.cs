using System.Text.Json.Nodes;
using ChitChatz.Tests.Support;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace ChitChatz.Tests.Web;

/// <summary>Opens clients for one test, looks after them all, and fails the test for whatever their consoles complained about.</summary>
[Collection("Web")]
public abstract class WebTest(WebServerFixture server, BrowserFixture browser) : IAsyncDisposable
{
    private readonly List<ChatPage> _pages = [];
    private CuttableProxy? _proxy;
    private int _writers;

    /// <summary>A suffix that keeps names and rooms of this test apart from all others on the same server.</summary>
    protected string Unique { get; } = Guid.NewGuid().ToString("N")[..8];

    /// <summary>The line between the pages of this test and the server. Its first use has to come before the first page.</summary>
    protected CuttableProxy Line => _proxy ??= new CuttableProxy(Address);

    /// <summary>Where the page and its server are.</summary>
    protected Uri Address => server.Address;

    /// <summary>A fresh client, as another person would have it: own storage, own everything.</summary>
    protected Task<ChatPage> OpenAsync(BrowserNewContextOptions? options = null) => OpenAtAsync(_proxy?.Address ?? Address, options);

    /// <summary>A client that has signed in and is in <paramref name="room"/>.</summary>
    protected async Task<ChatPage> EnterAsync(string name, string room, BrowserNewContextOptions? options = null)
    {
        var page = await OpenAsync(options);
        await page.SignInAsync(name);
        await page.JoinAsync(room);
        return page;
    }

    /// <summary>One whose line does not run through <see cref="Line"/>.</summary>
    protected async Task<ChatPage> EnterDirectlyAsync(string name, string room)
    {
        var page = await OpenAtAsync(Address);
        await page.SignInAsync(name);
        await page.JoinAsync(room);
        return page;
    }

    /// <summary>One with somebody between its connections and the server.</summary>
    protected async Task<ChatPage> EnterBehindAsync(Action<IWebSocketRoute> between, string name, string room, BrowserNewContextOptions? options = null)
    {
        var page = await OpenAsync(options);
        await page.Page.RouteWebSocketAsync("**", between);
        // It is for connections that are opened from now on.
        await page.Page.ReloadAsync();
        await page.SignInAsync(name);
        await page.JoinAsync(room);
        return page;
    }

    /// <summary>One that had read its room, was away while so many messages came, "1" the first of them, and is there again.</summary>
    protected async Task<ChatPage> MissAsync(string room, int messages, BrowserNewContextOptions? options = null)
    {
        var page = await EnterAsync($"Ann {Unique}", room, options);
        await page.SayAsync("read");
        await page.Page.WaitForFunctionAsync("() => sessionStorage.getItem('chitchatz.read') !== null");
        var address = page.Page.Url;
        await page.Page.GotoAsync(new Uri(new Uri(address), "favicon.svg").ToString());
        await SayInAsync(room, [.. Enumerable.Range(1, messages).Select(static number => $"{number}")]);

        await page.Page.GotoAsync(address);
        await Expect(page.Messages.Last).ToHaveTextAsync($"{messages}");
        return page;
    }

    /// <summary>Somebody without a page says so in a room; each time another one, for a name is free again only when its connection is gone.</summary>
    protected async Task SayInAsync(string room, params string[] texts)
    {
        await using var writer = await ChatClient2.RegisterAsync(new UriBuilder(Address) { Scheme = "ws" }.Uri, $"Writer {++_writers} {Unique}");
        await writer.JoinAsync(room);
        foreach (var text in texts)
            await writer.Connection.SendRawAsync(new JsonObject { ["event"] = "message", ["id"] = text, ["data"] = text }.ToJsonString());
        foreach (var text in texts)
            await writer.AnswerAsync(text);
    }

    /// <summary>A fresh client of any server.</summary>
    protected async Task<ChatPage> OpenAtAsync(Uri address, BrowserNewContextOptions? options = null)
    {
        SkipWithoutBrowser();
        var page = await ChatPage.OpenAsync(browser.Browser!, address, options ?? new());
        _pages.Add(page);
        return page;
    }

    protected void SkipWithoutBrowser()
    {
        var missing = browser.Browser is null ? "No Chromium was found (PATH, CHROMIUM_PATH)." : null;
        if (missing is not null && Environment.GetEnvironmentVariable("CI") == "true")
            Assert.Fail(missing);
        Assert.SkipWhen(missing is not null, missing ?? "");
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        var complaints = _pages.SelectMany(page => page.Complaints).ToArray();
        foreach (var page in _pages)
            await page.DisposeAsync();
        if (_proxy is not null)
            await _proxy.DisposeAsync();
        Assert.Empty(complaints);
    }
}
