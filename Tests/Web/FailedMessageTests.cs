using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace ChitChatz.Tests.Web;

/// <summary>A message that the server refuses: it is said not to be sent, stays where it can be read, and is sent again or thrown away.</summary>
public sealed class FailedMessageTests(WebServerFixture server, BrowserFixture browser) : WebTest(server, browser)
{
    private readonly Refusal _refusal = Refusal.OfMessages();

    [Fact]
    public async Task Message_WhenRefused_IsSaidNotToBeSentAndCanBeSentAgain()
    {
        var room = $"failed {Unique}";
        var ann = await EnterBehindAsync(_refusal.Serve, $"Ann {Unique}", room);
        var bob = await EnterAsync($"Bob {Unique}", room);

        await ann.WriteAsync("refused");
        await Expect(ann.Pending.GetByRole(AriaRole.Alert)).ToContainTextAsync($"Not sent. {Refusal.Reason}");
        _refusal.End();
        await ann.SayAsync("taken");
        await bob.ExpectMessageAsync("taken");
        await Expect(bob.Messages).ToHaveCountAsync(1);

        await ann.Pending.GetByRole(AriaRole.Button, new() { Name = "Send again" }).ClickAsync();
        await ann.ExpectMessageAsync("refused");
        await bob.ExpectMessageAsync("refused");
        await Expect(ann.Pending).ToHaveCountAsync(0);
        Assert.Equal(["taken", "refused"], await ann.TextsAsync());
        Assert.Equal(["taken", "refused"], await bob.TextsAsync());
    }

    [Fact]
    public async Task Message_WhenRefused_OutlivesAReloadUntilItIsDiscarded()
    {
        var ann = await EnterBehindAsync(_refusal.Serve, $"Ann {Unique}", $"failed {Unique}");

        await ann.WriteAsync("refused");
        await Expect(ann.Pending).ToContainTextAsync(Refusal.Reason);
        await ann.Page.ReloadAsync();
        await Expect(ann.Pending).ToContainTextAsync(Refusal.Reason);
        await ann.Pending.GetByRole(AriaRole.Button, new() { Name = "Discard" }).ClickAsync();
        await Expect(ann.Pending).ToHaveCountAsync(0);
        await ann.Page.ReloadAsync();

        await Expect(ann.Status).ToHaveTextAsync("Connected");
        await Expect(ann.Pending).ToHaveCountAsync(0);
        Assert.Empty(await ann.TextsAsync());
    }

    /// <summary>What became of it and what can be done stand beside each other, in two lines at most, and can be hit with a thumb.</summary>
    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Message_WhenRefusedOnASmallPhone_TakesTwoLines(ColorScheme scheme)
    {
        var ann = await EnterBehindAsync(_refusal.Serve, $"Ann {Unique}", $"failed {Unique}", new() { ColorScheme = scheme, ViewportSize = new() { Width = 320, Height = 640 } });
        await ann.WriteAsync("refused");
        var fate = ann.Pending.Locator(".message-fate");
        await Expect(fate).ToContainTextAsync($"Not sent. {Refusal.Reason}");

        if (Environment.GetEnvironmentVariable("CHITCHATZ_SCREENSHOTS") is { Length: > 0 } folder)
            await ann.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"failed-{scheme.ToString().ToLowerInvariant()}-320.png") });
        var lines = (await fate.BoundingBoxAsync())!.Height / await fate.EvaluateAsync<float>("fate => parseFloat(getComputedStyle(fate).lineHeight)");
        Assert.True(lines < 2.5, $"It takes {lines:0.0} lines.");
        foreach (var action in new[] { "Send again", "Discard" })
        {
            var box = (await ann.Pending.GetByRole(AriaRole.Button, new() { Name = action }).BoundingBoxAsync())!;
            Assert.True(box.Width >= 24 && box.Height >= 24, $"'{action}' has {box.Width} x {box.Height} pixels.");
        }
    }
}
