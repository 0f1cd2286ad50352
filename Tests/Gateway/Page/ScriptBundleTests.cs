using ChitChatz.Gateway.Page;
using Xunit;

namespace ChitChatz.Tests.Gateway.Page;

public sealed class ScriptBundleTests
{
    private readonly Dictionary<string, string> _scripts = [];

    [Fact]
    public void Make_OfModules_PutsEachOnceBehindWhatItImports()
    {
        _scripts["app.js"] = """
            import { Log } from "./views/log.js";
            import { words } from "./words.js";

            new Log(words);
            """;
        _scripts["views/log.js"] = """
            import { words } from "../words.js";

            const KEY = 1;
            export class Log {}
            export { words };

            """;
        _scripts["words.js"] = "const KEY = 2;\nexport const words = [KEY];\nexport async function later() {}\n";

        Assert.Equal("""
            // words.js
            const { words, later } = (() => {
            const KEY = 2;
            const words = [KEY];
            async function later() {}
            return { words, later };
            })();
            // views/log.js
            const { Log } = (() => {
            const KEY = 1;
            class Log {}
            return { Log };
            })();
            // app.js
            const {  } = (() => {
            new Log(words);
            return {  };
            })();

            """, Make(), ignoreLineEndingDifferences: true);
    }

    [Theory]
    [InlineData("import * as log from \"./log.js\";")]
    [InlineData("import log from \"./log.js\";")]
    [InlineData("import { log as other } from \"./log.js\";")]
    [InlineData("export default class {}")]
    [InlineData("export { log } from \"./log.js\";")]
    [InlineData("export let log = 1;")]
    public void Make_OfAnImportOrExportOfAnotherKind_SaysWhich(string line)
    {
        (_scripts["app.js"], _scripts["log.js"]) = (line + "\n", "");

        Assert.Contains(line, Assert.Throws<InvalidOperationException>(Make).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Make_OfTwoThatExportOneName_SaysWhich()
    {
        (_scripts["app.js"], _scripts["log.js"]) = ("import { a } from \"./log.js\";\nexport const a = 1;\n", "export const a = 2;\n");

        Assert.Contains("'a'", Assert.Throws<InvalidOperationException>(Make).Message, StringComparison.Ordinal);
    }

    private string Make() => ScriptBundle.Make("app.js", path => _scripts[path]);
}
