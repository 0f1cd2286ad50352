using System.Text.RegularExpressions;
using ChitChatz.Tests.Docs;
using Xunit;

namespace ChitChatz.Tests.Web;

/// <summary>The examples of docs/api/client-api.md, run in the browser against the real server: they print what the text below them says.</summary>
public sealed partial class ModuleDocsTests(WebServerFixture server, BrowserFixture browser) : ModuleTest(server, browser)
{
    private static readonly string[][] Printed =
    [
        ["ann: hello"],
        ["connecting", "connecting", "refused", "true name_reserved"],
        ["queued 1", "sent 0 kitchen 1"],
        ["ann garden"],
        ["two,three true", "one false"],
        ["bob came, 2 are here", "2", "bob is typing"],
    ];

    public static TheoryData<int> Examples => [.. Enumerable.Range(0, Printed.Length)];

    [Theory, MemberData(nameof(Examples))]
    public async Task Example_WhenRun_PrintsWhatIsSaid(int number)
    {
        var examples = Fenced().Matches(Document.Read("docs/api/client-api.md").Text).Select(static match => match.Groups[1].Value).ToArray();
        Assert.Equal(Printed.Length, examples.Length);
        // Names and rooms of this test's own, which stand as in the text when they are printed.
        var script = Names().Replace(Import().Replace(examples[number], ""), match => $"\"{match.Groups[1].Value} {Unique}\"");
        var page = await OpenModuleAsync();

        var lines = await page.EvaluateAsync<string[]>($$"""
            (async () => {
              const { ChitChatz: Real, ChatError } = await import("/chitchatz.js");
              const chats = [];
              const ChitChatz = class extends Real { constructor(options) { super(options); chats.push(this); } };
              const lines = [];
              let full;
              const all = new Promise((resolve) => { full = resolve; });
              const console = { log: (...words) => lines.push(words.join(" ").replaceAll(" {{Unique}}", "")) >= {{Printed[number].Length}} && full() };
              {{script}}
              await all;
              const printed = [...lines];
              for (const chat of chats) chat.signOut();
              return printed;
            })()
            """);

        Assert.Equal(Printed[number].Order(), lines.Order());
    }

    [GeneratedRegex("```js\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Fenced();

    [GeneratedRegex("^import .*$", RegexOptions.Multiline)]
    private static partial Regex Import();

    [GeneratedRegex("\"(ann|bob|lobby|kitchen|garden|archive|terrace)\"")]
    private static partial Regex Names();
}
