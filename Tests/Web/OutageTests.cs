using ChitChatz.Tests.Processes;
using ChitChatz.Tests.Support;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace ChitChatz.Tests.Web;

/// <summary>
/// People who go on writing while servers are killed: each message is there exactly once in the end, for everybody in the same order,
/// and until then the page says what is the case. Real processes, killed as a crash kills them.
/// </summary>
public sealed class OutageTests(WebServerFixture server, BrowserFixture browser) : WebTest(server, browser)
{
    // A restart takes some seconds, and a client's pauses have grown meanwhile.
    private const float BackMs = 60_000;

    private readonly Deployment _service = new();
    private readonly List<string> _written = [];

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _service.DisposeAsync();
    }

    [Fact]
    public async Task Messages_WhenTheServerIsKilledWhileTwoWrite_AreThereOnceInOneOrder()
    {
        SkipWithoutBrowser();
        var process = _service.Start("Standalone");
        await process.ReadyAsync();
        var (ann, bob) = (await EnterAtAsync(_service.Address, "Ann"), await EnterAtAsync(_service.Address, "Bob"));

        await WriteAsync(ann, "a", 5);
        await WriteAsync(bob, "b", 5);
        // Not awaited: some of them are on their way when the server dies.
        await process.KillAsync();
        await ExpectOfflineAsync(ann);
        await ExpectOfflineAsync(bob);
        await WriteAsync(ann, "a offline", 3);
        await WriteAsync(bob, "b offline", 3);
        await ExpectWaitingAsync(ann, 3);
        await ExpectWaitingAsync(bob, 3);
        process = _service.Start("Standalone");
        await process.ReadyAsync();

        await ExpectConvergedAsync(ann, bob);
        Assert.Equal(_written.Where(static text => text[0] == 'a'), (await ann.TextsAsync()).Where(static text => text[0] == 'a'));
    }

    [Fact]
    public async Task Messages_WhenThePageIsReloadedAfterTheKill_AreThereOnceInOneOrder()
    {
        SkipWithoutBrowser();
        var process = _service.Start("Standalone");
        await process.ReadyAsync();
        var (ann, bob) = (await EnterAtAsync(_service.Address, "Ann"), await EnterAtAsync(_service.Address, "Bob"));

        await WriteAsync(ann, "a", 4);
        await process.KillAsync();
        await ExpectOfflineAsync(ann);
        await WriteAsync(ann, "a offline", 3);
        await ExpectWaitingAsync(ann, 3);
        process = _service.Start("Standalone");
        await process.ReadyAsync();
        await ann.Page.ReloadAsync();
        await WriteAsync(ann, "a reloaded", 2);

        await ExpectConvergedAsync(ann, bob);
        Assert.Equal(_written, await ann.TextsAsync());
    }

    [Fact]
    public async Task Messages_WhenOneOfTwoGatewaysIsKilled_AreThereOnceInOneOrder()
    {
        SkipWithoutBrowser();
        await _service.Start("Silo").ReadyAsync();
        var second = new UriBuilder(_service.Address) { Port = FreePorts.Take(1)[0] }.Uri;
        var killed = _service.Start("Gateway");
        var other = _service.Start("Gateway", "--urls", second.ToString());
        await killed.ReadyAsync();
        await other.ReadyAsync();
        await using var before = new CuttableProxy(_service.Address, second);
        var (ann, bob) = (await EnterAtAsync(before.Address, "Ann"), await EnterAtAsync(second, "Bob"));

        await WriteAsync(ann, "a", 4);
        await WriteAsync(bob, "b", 2);
        await killed.KillAsync();
        await WriteAsync(ann, "a meanwhile", 3);
        await WriteAsync(bob, "b meanwhile", 3);

        await ExpectConvergedAsync(ann, bob);
        await Expect(bob.Status).ToHaveTextAsync("Connected");
    }

    private async Task<ChatPage> EnterAtAsync(Uri address, string name)
    {
        var page = await OpenAtAsync(address);
        await page.SignInAsync(name);
        await page.JoinAsync("outage");
        return page;
    }

    private async Task WriteAsync(ChatPage page, string text, int count)
    {
        for (var i = 1; i <= count; i++)
        {
            await page.WriteAsync($"{text} {i}");
            _written.Add($"{text} {i}");
        }
    }

    private static async Task ExpectOfflineAsync(ChatPage page)
    {
        await Expect(page.Status).ToHaveTextAsync("Reconnecting");
        await Expect(page.Page.Locator("#banner")).ToBeVisibleAsync();
    }

    /// <summary>The last so many are said to wait; nothing that is not stored is said to be sent.</summary>
    private static async Task ExpectWaitingAsync(ChatPage page, int count)
    {
        for (var i = 1; i <= count; i++)
            await Expect(page.Pending.Nth(-i)).ToContainTextAsync("Waiting to be sent");
    }

    private async Task ExpectConvergedAsync(params ChatPage[] pages)
    {
        foreach (var page in pages)
        {
            await Expect(page.Status).ToHaveTextAsync("Connected", new() { Timeout = BackMs });
            await Expect(page.Pending).ToHaveCountAsync(0, new() { Timeout = BackMs });
            await Expect(page.Messages).ToHaveCountAsync(_written.Count, new() { Timeout = BackMs });
            await Expect(page.Page.Locator("#banner")).ToBeHiddenAsync();
        }

        var order = await pages[0].TextsAsync();
        Assert.Equal(_written.Order(), order.Order());
        foreach (var page in pages)
            Assert.Equal(order, await page.TextsAsync());
        // Somebody who comes now reads the same from the log.
        var late = await EnterAtAsync(new Uri(pages[^1].Page.Url), "Late");
        await Expect(late.Messages).ToHaveCountAsync(order.Length);
        Assert.Equal(order, await late.TextsAsync());
    }
}
