using ChitChatz.Tests.Guarantees;
using ChitChatz.Tests.Processes;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace ChitChatz.Tests.Web;

/// <summary>What a visitor sees while the page comes. The times are told, for whoever reads the output; what may not be is a jump.</summary>
public sealed class LoadTests(WebServerFixture server, BrowserFixture browser) : WebTest(server, browser)
{
    /// <summary>Every layout shift since the page began, and what it moved.</summary>
    private const string Shifts = """
        new Promise((resolve) => {
          const shifts = [];
          const name = (node) => node?.id || node?.className || node?.nodeName;
          new PerformanceObserver((list) => { for (const { value, sources } of list.getEntries()) shifts.push(`${value}: ${sources.map(({ node }) => name(node))}`); }).observe({ type: "layout-shift", buffered: true });
          requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(() => resolve(shifts))));
        })
        """;

    [Theory]
    [InlineData(1280)]
    [InlineData(320)]
    public async Task Page_WhenOpened_IsThereWithoutAJump(int width)
    {
        var page = await OpenAsync(new() { ViewportSize = new() { Width = width, Height = 740 } });
        await Expect(page.Page.GetByLabel("Your name")).ToBeFocusedAsync();

        var (paint, ready, files) = await TimesAsync(page);
        TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant($"first paint {paint:0} ms, ready for a name {ready:0} ms, {files} files"));
        Assert.Empty(await page.EvaluateAsync<string[]>(Shifts));
    }

    /// <summary>New visitors of a server that runs by itself, one after the other, with nothing cached: the times of the middle one are told. <c>CHITCHATZ_LONG=1</c> for 21.</summary>
    [Theory]
    [InlineData(1280)]
    [InlineData(320)]
    public async Task Page_WhenOpenedForTheFirstTime_TellsItsTimes(int width)
    {
        var visitors = GuaranteeRun.IsLong ? 21 : 5;
        SkipWithoutBrowser();
        await using Deployment service = new();
        await service.Start("Standalone").ReadyAsync();
        List<(double Paint, double Ready, double Files)> visits = [];
        for (var i = 0; i < visitors; i++)
        {
            var page = await OpenAtAsync(service.Address, new() { ViewportSize = new() { Width = width, Height = 740 } });
            visits.Add(await TimesAsync(page));
            await Expect(page.Page.GetByLabel("Your name")).ToBeFocusedAsync();
            await page.Page.Context.CloseAsync();
        }

        var (paint, ready) = (Middle(visits.Select(static visit => visit.Paint)), Middle(visits.Select(static visit => visit.Ready)));
        TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant(
            $"{width} px, {visitors} visitors: first paint {paint:0} ms (longest {visits.Max(static visit => visit.Paint):0}), ready for a name {ready:0} ms (longest {visits.Max(static visit => visit.Ready):0}), {visits[0].Files} files"));
        Assert.True(paint > 0 && ready > 0);
    }

    /// <summary>The page may be ready before it is painted, so that is waited for.</summary>
    private static async Task<(double Paint, double Ready, double Files)> TimesAsync(ChatPage page)
    {
        var times = await page.EvaluateAsync<double[]>("""
            new Promise((told) => new PerformanceObserver((list) => {
              const [paint] = list.getEntriesByName("first-contentful-paint");
              if (paint) told([paint.startTime, performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd, performance.getEntriesByType("resource").length]);
            }).observe({ type: "paint", buffered: true }))
            """);
        return (times[0], times[1], times[2]);
    }

    private static double Middle(IEnumerable<double> values) => values.Order().ToArray() is var sorted ? sorted[sorted.Length / 2] : 0;

    /// <summary>All scripts come in one file, beside the one that runs before the first paint.</summary>
    [Fact]
    public async Task Scripts_WhenLoaded_AreInOneFile()
    {
        var page = await OpenAsync();
        var asked = await page.EvaluateAsync<string[]>("performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname).filter((path) => path.endsWith('.js'))");
        using HttpClient client = new();
        var script = await client.GetStringAsync(new Uri(Address, "page.js"), TestContext.Current.CancellationToken);

        var folder = Path.Combine(Docs.Document.Root, "Gateway", "wwwroot");
        var sources = Directory.EnumerateFiles(folder, "*.js", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file)).Where(static path => path != "appearance.js");
        Assert.Equal(["/appearance.js", "/page.js"], asked.Order());
        Assert.Equal(sources.Order(), script.Split('\n').Where(static line => line.StartsWith("// ", StringComparison.Ordinal) && line.EndsWith(".js", StringComparison.Ordinal)).Select(static line => line[3..]).Order());
    }

    [Theory]
    [InlineData(1280)]
    [InlineData(320)]
    public async Task Conversation_WhenReloaded_IsThereWithoutAJump(int width)
    {
        var page = await OpenAsync(new() { ViewportSize = new() { Width = width, Height = 740 } });
        await page.SignInAsync($"Ann {Unique}");
        await page.JoinAsync($"load {Unique}");
        for (var i = 0; i < 20; i++)
            await page.SayAsync($"message {i}");

        await page.Page.ReloadAsync();
        await Expect(page.Messages).ToHaveCountAsync(20);
        await Expect(page.Composer).ToBeVisibleAsync();

        Assert.Empty(await page.EvaluateAsync<string[]>(Shifts));
    }

    /// <summary>What was written offline is sent while one looks, message by message: each one stays where it is.</summary>
    [Theory]
    [InlineData(1280)]
    [InlineData(320)]
    public async Task Outbox_WhenItIsSentAfterAReload_DoesNotJump(int width)
    {
        SkipWithoutBrowser();
        _ = Line;
        var page = await EnterAsync($"Ann {Unique}", $"outbox {Unique}", new() { ViewportSize = new() { Width = width, Height = 740 } });
        for (var i = 0; i < 20; i++)
            await page.SayAsync($"message {i}");
        Line.Close();
        await Expect(page.Status).ToHaveTextAsync("Reconnecting");
        for (var i = 0; i < 5; i++)
            await page.WriteAsync($"written offline, and long enough to need two lines of a small page, {i}");
        await Expect(page.Pending).ToHaveCountAsync(5);
        Line.Restore();

        await page.Page.ReloadAsync();
        await Expect(page.Messages).ToHaveCountAsync(25);
        await Expect(page.Pending).ToHaveCountAsync(0);

        Assert.Empty(await page.EvaluateAsync<string[]>(Shifts));
    }

    /// <summary>The control: what these tests look with does see a jump.</summary>
    [Fact]
    public async Task Page_WhenSomethingIsPushedDown_IsSeenToJump()
    {
        var page = await OpenAsync();

        await page.EvaluateAsync<bool>("""
            new Promise((done) => requestAnimationFrame(() => {
              document.querySelector(".side-head").style.setProperty("margin-top", "200px");
              requestAnimationFrame(() => done(true));
            }))
            """);

        Assert.NotEmpty(await page.EvaluateAsync<string[]>(Shifts));
    }
}
