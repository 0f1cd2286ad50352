using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Xunit;

namespace ChitChatz.Tests.Web;

/// <summary>Runs scripts with chitchatz.js in a page that has nothing else.</summary>
public abstract class ModuleTest(WebServerFixture server, BrowserFixture browser) : WebTest(server, browser)
{
    private static readonly string[] Scripts = ["virtual-time.js", "fake-server.js", "chaos.js"];

    /// <summary>Runs a script's statements, which have the class ChitChatz and what is in the scripts of the folder Module; gives what it returns.</summary>
    protected async Task<T> RunAsync<T>(string statements)
    {
        var page = await OpenModuleAsync();
        foreach (var script in Scripts)
            await page.Page.EvaluateAsync($"(() => {{ {await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Web", "Module", script))} }})()");
        var result = await page.EvaluateAsync<string>($"(async () => {{ const {{ ChitChatz, ChatError }} = await import('/chitchatz.js');\n{statements}\n}})().then(JSON.stringify)");
        return JsonSerializer.Deserialize<T>(result)!;
    }

    /// <summary>A page of the server's origin, with its policy, which runs nothing by itself: the module's own text.</summary>
    protected Task<ChatPage> OpenModuleAsync() => OpenAtAsync(new Uri(Address, "chitchatz.js"));

    protected static void AssertJson(string expected, JsonElement actual)
    {
        if (!JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(actual.GetRawText())))
            Assert.Equal(expected, actual.GetRawText());
    }
}
