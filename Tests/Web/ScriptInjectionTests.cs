using System.Text.Json.Nodes;
using ChitChatz.Tests.Support;
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

        await page.AskForNameAsync(payload);

        await Expect(page.Page.Locator("#name-dialog:not([open]), #name-problem:not(:empty)").First).ToBeAttachedAsync();
        if (await page.NameDialog.IsVisibleAsync())
            Assert.Equal(0, await problem.Locator("*").CountAsync());
        else
            await Expect(page.Page.Locator("#own-name")).ToHaveTextAsync(payload);
    }

    private static readonly string[] Vectors =
    [
        "<script>boom()</script>", "<img src=x onerror=boom()>", "<svg onload=boom()>", "<svg><script>boom()</script></svg>", "<iframe srcdoc=\"<script>parent.boom()</script>\">",
        "<body onload=boom()>", "<a href=javascript:boom()>x</a>", "<math><mi xlink:href=javascript:boom()>x", "<details open ontoggle=boom()>", "<video><source onerror=boom()>",
        "<input autofocus onfocus=boom()>", "<object data=javascript:boom()>", "<embed src=javascript:boom()>", "<marquee onstart=boom()>", "<style>@import 'javascript:boom()'</style>",
        "<link rel=stylesheet href=x>", "<meta http-equiv=refresh content=0>", "<base href=//x/>", "<form><button formaction=javascript:boom()>x</form>", "<template><img src=x onerror=boom()></template>",
    ];

    private static readonly Func<string, string>[] Wrappings =
    [
        static it => it, static it => $"\">{it}", static it => $"'>{it}", static it => $"</title>{it}", static it => $"</textarea>{it}", static it => $"--!>{it}", static it => $"]]>{it}",
        static it => $"{{{{{it}}}}}", static it => System.Net.WebUtility.HtmlEncode(it), static it => it.ToUpperInvariant().Replace("<", "<\u0009", StringComparison.Ordinal),
    ];

    /// <summary>Enters each of the rooms by its item in the list, as somebody does who looks into one after the other; gives the heading and the title of each.</summary>
    private const string EnterEach = """
        async (rooms) => {
          const at = (place) => document.querySelector(place).textContent;
          const isIn = () => /^[0-9]+ (person|people) here/.test(at("#room-note"));
          const seen = [];
          for (const room of rooms) {
            [...document.querySelectorAll("#room-list button")].find((item) => item.querySelector("bdi").textContent === room).click();
            for (const until = performance.now() + 10_000; !isIn();) {
              if (performance.now() > until) return [...seen, `not entered: ${room}`];
              await new Promise((next) => requestAnimationFrame(next));
            }
            seen.push(`${at("#room-title")} | ${document.title}`);
          }
          return seen;
        }
        """;

    /// <summary>The corpus as texts, as names of rooms and, where the server takes it, as names of people: whoever looks on is shown each of them as it was given.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Corpus_WhenOthersSendIt_IsShownAsText(int half)
    {
        var payloads = Vectors.SelectMany(static vector => Wrappings.Select(wrap => wrap(vector))).Where((_, i) => i % 2 == half).ToArray();
        Assert.Equal(100, payloads.Length);
        var (room, annName) = ($"corpus {Unique}", $"Ann {Unique}");
        var ann = await EnterAsync(annName, room);
        await ann.EvaluateAsync<bool>("(window.boom = () => { window.exploded = true; }, true)");
        var address = new UriBuilder(Address) { Scheme = "ws" }.Uri;
        List<ChatClient2> attackers = [];
        List<string> names = [];
        var taken = 0;
        foreach (var payload in payloads)
        {
            ChatClient2 attacker = new(await ChatClient.ConnectAsync(address));
            attackers.Add(attacker);
            var name = payload.Replace('<', '‹');
            if (await TryRegisterAsync(attacker, name))
            {
                taken++;
            }
            else
            {
                name = $"Mallory {names.Count} {Unique}";
                Assert.True(await TryRegisterAsync(attacker, name));
            }

            names.Add(name);
            await attacker.JoinAsync(room);
            Assert.Equal("ack", (string?)(await attacker.PostAsync(payload))["event"]);
        }

        Assert.InRange(taken, payloads.Length / 2, payloads.Length);
        await Expect(ann.Messages).ToHaveCountAsync(payloads.Length);
        Assert.Equal(payloads, await ann.TextsAsync());
        Assert.Equal(names, await ShownAsync(ann, "#messages .message-from"));
        await Expect(ann.Page.Locator("#people-list .person")).ToHaveCountAsync(names.Count + 1);
        Assert.Equal(names.Append(annName).Order(StringComparer.Ordinal), (await ShownAsync(ann, "#people-list .person-name bdi")).Order(StringComparer.Ordinal));

        // Tabs are not allowed in names of rooms.
        string[] rooms = [.. payloads.Select(payload => $"{payload.Replace('\t', ' ')} {Unique}")];
        foreach (var (attacker, own) in attackers.Zip(rooms))
            await attacker.JoinAsync(own);
        await Expect(ann.Page.Locator("#room-list button", new() { HasText = Unique })).ToHaveCountAsync(rooms.Length + 1);
        var listed = (await ShownAsync(ann, "#room-list .room-name")).Where(name => name.EndsWith(Unique, StringComparison.Ordinal));
        Assert.Equal(rooms.Append(room).Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
        // All that there is in the lists was made by the page itself.
        Assert.Empty(await ann.EvaluateAsync<string[]>("[...new Set([...document.querySelectorAll('#messages *, #room-list *, #people-list *')].map(({ localName }) => localName))].filter((name) => !['li', 'div', 'span', 'bdi', 'p', 'time', 'button', 'svg', 'path'].includes(name))"));

        Assert.Equal(rooms.Select(static name => $"{name} | {name} · ChitChatz"), await ann.Page.EvaluateAsync<string[]>(EnterEach, rooms));
        Assert.False(await ann.EvaluateAsync<bool>("window.exploded === true"));
        foreach (var attacker in attackers)
        {
            // Otherwise its name is kept for it for a while.
            await attacker.Connection.CloseAsync();
            await attacker.DisposeAsync();
        }
    }

    private static async Task<bool> TryRegisterAsync(ChatClient2 client, string name) =>
        (string?)(await client.AskAsync(new JsonObject { ["event"] = "register", ["v"] = 2, ["name"] = name }))["event"] == "register";

    /// <summary>To the letter, in the order of the document.</summary>
    private static Task<IReadOnlyList<string>> ShownAsync(ChatPage page, string place) => page.Page.Locator(place).AllTextContentsAsync();

    /// <summary>The control: with markup in its place, the look at the document above finds it, and the page's policy keeps it from running.</summary>
    [Fact]
    public async Task Markup_WhenItWereParsed_IsRefusedByThePolicy()
    {
        var page = await OpenAsync();

        var refused = await page.EvaluateAsync<string>("(() => { try { document.body.innerHTML = '<img src=x onerror=boom()>'; return 'parsed'; } catch (error) { return error.name; } })()");

        Assert.Equal("TypeError", refused);
        Assert.Contains(page.Complaints, static complaint => complaint.Contains("TrustedHTML", StringComparison.Ordinal));
        page.ForgetComplaints();
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
