using ChitChatz.Tests.Processes;
using ChitChatz.Tests.Support;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace ChitChatz.Tests.Web;

/// <summary>
/// People who go on writing while servers are killed: each message is there exactly once in the end, for everybody in the same order,
/// and until then the page says what is the case, at each moment (<see cref="Witness"/>). Real processes, killed as a crash kills them.
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
        await RestartAsync(ann, bob);

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
        await ExpectOfflineAsync(bob);
        await WriteAsync(ann, "a offline", 3);
        await ExpectWaitingAsync(ann, 3);
        await RestartAsync(ann, bob);
        await ann.Page.ReloadAsync();
        await Witness.WatchAsync(ann);
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

    /// <summary>The control: what looks on in these stories does see.</summary>
    [Fact]
    public async Task Page_WhenItShowsWhatIsNotSo_IsFoundOut()
    {
        var ann = await EnterAsync($"Ann {Unique}", $"witness {Unique}");
        await ann.SayAsync("stored");
        await Witness.WatchAsync(ann);
        await ann.SayAsync("stored too");
        Assert.Empty(await Witness.UntruthsAsync(ann));

        await ann.EvaluateAsync<bool>("""
            (async () => {
              const painted = () => new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)));
              const [log, outbox] = ["#messages", "#pending"].map((place) => document.querySelector(place));
              const item = log.querySelector(".message");
              const steps = [
                () => outbox.append(item.cloneNode(true)),
                () => { outbox.replaceChildren(); log.append(item.cloneNode(true)); },
                () => { for (const each of log.querySelectorAll(".message")) each.remove(); },
                () => witness.serverIsGone(),
                () => log.append(item),
                () => { outbox.append(item.cloneNode(true)); outbox.firstChild.classList.add("sending"); },
                () => outbox.replaceChildren(),
              ];
              for (const step of steps) {
                await step();
                await painted();
              }
              return true;
            })()
            """);

        Assert.Equal(
            ["both", "connected without a server", "fewer", "nowhere", "sent without a server", "twice", "under way without a server", "waits no longer without a server"],
            (await Witness.UntruthsAsync(ann)).Select(static untruth => untruth.Split(": ")[0]).Distinct().Order(StringComparer.Ordinal));
    }

    private async Task<ChatPage> EnterAtAsync(Uri address, string name)
    {
        var page = await OpenAtAsync(address);
        await page.SignInAsync(name);
        await page.JoinAsync("outage");
        await Witness.WatchAsync(page);
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

    /// <summary>The server was killed, and the page has found out: until <see cref="RestartAsync"/> nothing can have been sent.</summary>
    private static async Task ExpectOfflineAsync(ChatPage page)
    {
        await Expect(page.Status).ToHaveTextAsync("Reconnecting");
        await Witness.ServerIsGoneAsync(page);
        await Expect(page.Page.Locator("#banner")).ToBeVisibleAsync();
    }

    private async Task RestartAsync(params ChatPage[] pages)
    {
        foreach (var page in pages)
            await Witness.ServerIsBackAsync(page);
        await _service.Start("Standalone").ReadyAsync();
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
        {
            Assert.Equal(order, await page.TextsAsync());
            Assert.Empty(await Witness.UntruthsAsync(page));
        }

        // Somebody who comes now reads the same from the log.
        var late = await EnterAtAsync(new Uri(pages[^1].Page.Url), "Late");
        await Expect(late.Messages).ToHaveCountAsync(order.Length);
        Assert.Equal(order, await late.TextsAsync());
    }
}
