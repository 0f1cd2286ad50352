using Xunit;
using static Microsoft.Playwright.Assertions;

namespace ChitChatz.Tests.Web;

public sealed class ScriptInjectionTests(WebServerFixture server, BrowserFixture browser) : WebTest(server, browser)
{
    public static TheoryData<string> Payloads =>
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        "\"><iframe srcdoc=\"<script>alert(1)</script>\">",
        "javascript:alert(1)",
        "<a href=javascript:alert(1)>here</a>",
        "</title><script>alert(1)</script>",
        "<form><input name=attributes><input id=composer>",
        "{{constructor.constructor('alert(1)')()}}",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "<style>*{display:none}</style>",
    ];

    /// <summary>As a text and as the name of a room, whose rules allow all of these characters.</summary>
    [Theory]
    [MemberData(nameof(Payloads))]
    public async Task Text_WhenItIsMarkup_IsShownAsText(string payload)
    {
        var room = $"{payload} {Unique}";
        var ann = await EnterAsync($"Ann {Unique}", room);
        var bob = await OpenAsync();
        await bob.SignInAsync($"Bob {Unique}");
        await bob.Page.Locator("#room-list button", new() { HasText = room }).ClickAsync();
        await bob.ExpectRoomAsync(room);

        await ann.SayAsync(payload);

        await Expect(bob.Messages).ToHaveTextAsync([payload]);
        Assert.Equal($"{room} · ChitChatz", await bob.Page.TitleAsync());
        // Nothing of it became an element, in either page; WebTest fails for dialogs and violations of the policy.
        foreach (var page in new[] { ann, bob })
            Assert.Equal(0, await page.EvaluateAsync<int>("document.querySelectorAll('#messages :is(script, img, iframe, form, a), #room-list :is(script, img), .log svg[onload], style').length"));
    }

    /// <summary>The server may refuse such a name; accepted or refused, it only ever is text.</summary>
    [Theory]
    [MemberData(nameof(Payloads))]
    public async Task Name_WhenItIsMarkup_IsShownAsText(string payload)
    {
        var page = await OpenAsync();
        var problem = page.Page.Locator("#name-problem");

        await page.Page.GetByLabel("Your name").FillAsync(payload);
        await page.Page.GetByLabel("Your name").PressAsync("Enter");

        await Expect(page.Page.Locator("#name-dialog:not([open]), #name-problem:not(:empty)").First).ToBeAttachedAsync();
        if (await page.NameDialog.IsVisibleAsync())
            Assert.Equal(0, await problem.Locator("*").CountAsync());
        else
            await Expect(page.Page.Locator("#own-name")).ToHaveTextAsync(payload);
    }

    [Fact]
    public async Task Text_WhenItHoldsAddresses_OnlyLinksHttp()
    {
        var ann = await EnterAsync($"Ann {Unique}", $"links {Unique}");

        await ann.SayAsync("see https://example.org/a?b=c#d, not javascript:alert(1) nor data:text/html,x");

        var link = ann.Page.Locator("#messages a");
        await Expect(link).ToHaveCountAsync(1);
        await Expect(link).ToHaveAttributeAsync("href", "https://example.org/a?b=c#d");
        await Expect(link).ToHaveAttributeAsync("rel", "noopener noreferrer nofollow");
    }

    [Fact]
    public async Task Page_WhenServed_ForbidsInlineScript()
    {
        SkipWithoutBrowser();
        var page = await OpenAsync();

        var response = await page.Page.ReloadAsync();

        var policy = await response!.HeaderValueAsync("content-security-policy");
        Assert.NotNull(policy);
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("require-trusted-types-for 'script'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
    }
}
