using Xunit;
using static Microsoft.Playwright.Assertions;

namespace ChitChatz.Tests.Web;

public sealed class SettingsTests(WebServerFixture server, BrowserFixture browser) : WebTest(server, browser)
{
    [Fact]
    public async Task Settings_WhenChanged_OutliveAReload()
    {
        var ann = await OpenAsync(new() { ColorScheme = Microsoft.Playwright.ColorScheme.Light });
        await ann.SignInAsync($"Ann {Unique}");
        await ann.Page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Settings" }).ClickAsync();

        await ann.Page.GetByText("Dark", new() { Exact = true }).ClickAsync();
        await ann.Page.GetByText("Compact", new() { Exact = true }).ClickAsync();
        var dark = await ann.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
        await ann.Page.ReloadAsync();

        var root = ann.Page.Locator(":root");
        await Expect(root).ToHaveAttributeAsync("data-theme", "dark");
        await Expect(root).ToHaveAttributeAsync("data-density", "compact");
        Assert.Equal("rgb(16, 24, 22)", dark);
        await Expect(ann.Page.Locator("body")).ToHaveCSSAsync("background-color", dark);
    }

    [Fact]
    public async Task SignOut_WhenPressed_ForgetsTheTokenAndSuggestsTheName()
    {
        var name = $"Ann {Unique}";
        var ann = await EnterAsync(name, $"out {Unique}");
        await ann.SayAsync("something that is read");
        Assert.Contains("eyJ", await ann.EvaluateAsync<string>("JSON.stringify(sessionStorage)"), StringComparison.Ordinal);

        await ann.Page.GetByLabel("Sign out").ClickAsync();

        await Expect(ann.NameDialog).ToBeVisibleAsync();
        await Expect(ann.Page.GetByLabel("Your name")).ToHaveValueAsync(name);
        Assert.Equal(0, await ann.EvaluateAsync<int>("sessionStorage.length"));
        Assert.DoesNotContain("eyJ", await ann.EvaluateAsync<string>("JSON.stringify(localStorage)"), StringComparison.Ordinal);
        await ann.Page.ReloadAsync();
        await Expect(ann.NameDialog).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Info_WhenOpened_TellsWhereWeAreButNotTheToken()
    {
        var (name, room) = ($"Ann {Unique}", $"info {Unique}");
        var ann = await EnterAsync(name, room);

        await ann.Page.GetByLabel("Connection details").First.ClickAsync();

        await Expect(ann.Page.Locator("#info-name")).ToHaveTextAsync(name);
        await Expect(ann.Page.Locator("#info-room")).ToHaveTextAsync(room);
        await Expect(ann.Page.Locator("#info-state")).ToHaveTextAsync("Connected");
        await Expect(ann.Page.Locator("#info-token")).ToContainTextAsync("in ");
        Assert.DoesNotContain("eyJ", await ann.Page.Locator("#info-dialog").InnerHTMLAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Name_WhenTaken_IsRefusedInTheDialog()
    {
        var name = $"Ann {Unique}";
        _ = await EnterAsync(name, $"taken {Unique}");
        var second = await OpenAsync();

        await second.AskForNameAsync(name);

        await Expect(second.Page.Locator("#name-problem")).Not.ToBeEmptyAsync();
        await Expect(second.NameDialog).ToBeVisibleAsync();
        await second.SignInAsync($"Other {Unique}");
    }
}
