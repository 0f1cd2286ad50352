using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace ChitChatz.Tests.Web;

/// <summary>What a visitor sees while the page comes. The times are told, for whoever reads the output; what may not be is a jump.</summary>
public sealed class LoadTests(WebServerFixture server, BrowserFixture browser) : WebTest(server, browser)
{
    private const string Shifts = """
        new Promise((resolve) => {
          let sum = 0;
          new PerformanceObserver((list) => { for (const entry of list.getEntries()) sum += entry.value; }).observe({ type: "layout-shift", buffered: true });
          requestAnimationFrame(() => requestAnimationFrame(() => resolve(sum)));
        })
        """;

    [Theory]
    [InlineData(1280)]
    [InlineData(320)]
    public async Task Page_WhenOpened_IsThereWithoutAJump(int width)
    {
        var page = await OpenAsync(new() { ViewportSize = new() { Width = width, Height = 740 } });
        await Expect(page.Page.GetByLabel("Your name")).ToBeFocusedAsync();

        TestContext.Current.TestOutputHelper?.WriteLine(await page.EvaluateAsync<string>("""
            `first paint ${Math.round(performance.getEntriesByName("first-contentful-paint")[0].startTime)} ms, the name can be typed by ${Math.round(performance.now())} ms, ${performance.getEntriesByType("resource").length} files`
            """));
        Assert.Equal(0, await page.EvaluateAsync<double>(Shifts));
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

        Assert.Equal(0, await page.EvaluateAsync<double>(Shifts));
    }

    /// <summary>The control: what these tests look with does see a jump.</summary>
    [Fact]
    public async Task Page_WhenSomethingIsPushedDown_IsSeenToJump()
    {
        var page = await OpenAsync();

        await page.EvaluateAsync<bool>("""
            new Promise((done) => requestAnimationFrame(() => {
              const block = document.createElement("div");
              block.style.setProperty("height", "200px");
              document.querySelector("#name-form").prepend(block);
              requestAnimationFrame(() => done(true));
            }))
            """);

        Assert.InRange(await page.EvaluateAsync<double>(Shifts), 0.001, 10);
    }
}
