using System.Text.Json.Nodes;
using ChitChatz.Tests.Support;

namespace ChitChatz.Tests.Cli;

/// <summary>The command line against a server, as a script uses it.</summary>
public sealed class CommandTests(SharedStandalone shared) : IAsyncLifetime
{
    /// <summary>What is started by a shell's background job ignores interrupts, and so does all that it starts.</summary>
    private static readonly string[] s_interruptible = ["env", "--default-signal=INT"];

    private Uri _server = null!;

    private string Server => _server.ToString();

    public async ValueTask InitializeAsync() => _server = await shared.WebSocketAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Send_OfLines_StoresThemInOrderAndHistoryPrintsThem()
    {
        var sent = await CliCommand.RunWithInputAsync("one\n\ntwo\nthree ünïcode 🎉\n", "send", "lines", "-s", Server, "--json", "--name", "ann");
        Assert.Equal((0, ""), (sent.ExitCode, sent.Errors));
        Assert.Equal([1, 2, 3], sent.Output.Select(static line => (long)JsonNode.Parse(line)!["seq"]!));

        var history = await CliCommand.RunAsync("history", "lines", "-s", Server);
        Assert.Equal(0, history.ExitCode);
        Assert.Equal(["ann: one", "ann: two", "ann: three ünïcode 🎉"], history.Output.Select(static line => line[20..]));
        var limited = await CliCommand.RunAsync("history", "lines", "-s", Server, "--limit", "2", "--json");
        Assert.Equal(["two", "three ünïcode 🎉"], limited.Output.Select(static line => (string)JsonNode.Parse(line)!["text"]!));
    }

    [Fact]
    public async Task Send_OfLinesOfWhichOneIsRefused_NamesItAndSendsTheOthers()
    {
        var sent = await CliCommand.RunWithInputAsync($"first\n{new string('y', 9_000)}\nlast\n", "send", "refused", "-s", Server, "--json");

        Assert.Equal(1, sent.ExitCode);
        Assert.StartsWith("chitchatz: Line 2: ", sent.Errors, StringComparison.Ordinal);
        Assert.Equal([1, 2], sent.Output.Select(static line => (long)JsonNode.Parse(line)!["seq"]!));
        var history = await CliCommand.RunAsync("history", "refused", "-s", Server, "--json");
        Assert.Equal(["first", "last"], history.Output.Select(static line => (string)JsonNode.Parse(line)!["text"]!));
    }

    [Fact]
    public async Task Send_WhileItsInputGoesOn_TellsWhatBecameOfEachLine()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux only");
        // The input ends when the receipt of its one line was read.
        var sent = await CliCommand.RunInShellAsync(
            "coproc \"$@\"; echo one >&${COPROC[1]}; read -t 25 -u ${COPROC[0]} receipt; echo $receipt; exec {COPROC[1]}>&-; wait $COPROC_PID", "send", "live", "-s", Server, "--json");

        Assert.Equal((0, ""), (sent.ExitCode, sent.Errors));
        Assert.Equal(1, (long)JsonNode.Parse(Assert.Single(sent.Output))!["seq"]!);
    }

    [Fact]
    public async Task Send_WhenItsInputCannotBeRead_SaysSo()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux only");
        var sent = await CliCommand.RunInShellAsync("\"$@\" < /", "send", "directory", "-s", Server);

        Assert.Equal(4, sent.ExitCode);
        Assert.StartsWith("chitchatz: ", sent.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Output_IntoAFileThatOthersWriteToo_IsNotWrittenOver()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux only");
        Assert.Equal(0, (await CliCommand.RunAsync("send", "twice", "-s", Server, "one")).ExitCode);

        var twice = await CliCommand.RunInShellAsync("file=$(mktemp); { \"$@\"; \"$@\"; } > $file; cat $file; rm $file", "history", "twice", "-s", Server);

        Assert.Equal(2, twice.Output.Length);
        Assert.All(twice.Output, static line => Assert.EndsWith(": one", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task History_WhenThereIsNone_SaysSoBesideTheOutput()
    {
        var history = await CliCommand.RunAsync("history", "nobody was ever here", "-s", Server, "--json");

        Assert.Equal((0, "chitchatz: Nobody has said anything in 'nobody was ever here' yet.\n"), (history.ExitCode, history.Errors));
        Assert.Empty(history.Output);
    }

    [Fact]
    public async Task Tail_WhenNobodyReadsItsOutput_Ends()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux only");
        // More than a pipe holds.
        var lines = string.Concat(Enumerable.Range(0, 1_000).Select(static number => $"{number} {new string('x', 200)}\n"));
        Assert.Equal(0, (await CliCommand.RunWithInputAsync(lines, "send", "unread", "-s", Server)).ExitCode);

        var tail = await CliCommand.RunInShellAsync("\"$@\" | head -n 1; exit ${PIPESTATUS[0]}", "tail", "unread", "-s", Server, "--last", "1000");

        Assert.Equal((0, ""), (tail.ExitCode, tail.Errors));
        Assert.Single(tail.Output);
    }

    [Fact]
    public async Task History_WhenItsOutputCannotBeWritten_SaysSo()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux only");
        Assert.Equal(0, (await CliCommand.RunAsync("send", "full", "-s", Server, "one")).ExitCode);

        var history = await CliCommand.RunInShellAsync("\"$@\" > /dev/full", "history", "full", "-s", Server);

        Assert.Equal(4, history.ExitCode);
        Assert.StartsWith("chitchatz: No space left on device", history.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_OfATextBehindDashes_TakesItAsItIs()
    {
        string[][] texts = [["--help"], ["-1 is a text too"], ["-5%"], ["-x hello"], ["- item"], ["-"], ["--verbose mode is on"], ["a", "--", "b", "-x"]];
        foreach (var text in texts)
            Assert.Equal(0, (await CliCommand.RunAsync(["send", "dashes", "-s", Server, "--", .. text])).ExitCode);

        var history = await CliCommand.RunAsync("history", "dashes", "-s", Server, "--json");
        Assert.Equal(texts.Select(static text => string.Join(' ', text)), history.Output.Select(static line => (string)JsonNode.Parse(line)!["text"]!));
        Assert.Equal(2, (await CliCommand.RunAsync("history", "dashes", "-s", Server, "--", "-x")).ExitCode);
        var nothing = await CliCommand.RunWithInputAsync("not this\n", "send", "dashes", "-s", Server, "--");
        Assert.Equal((2, "chitchatz: There is no text behind --. (chitchatz --help)\n"), (nothing.ExitCode, nothing.Errors));
        Assert.Equal(2, (await CliCommand.RunAsync("send", "dashes", "-s", Server, "--", "")).ExitCode);
        Assert.Equal(2, (await CliCommand.RunAsync("send", "dashes", "one", "-s", Server, "--", "two")).ExitCode);
    }

    [Fact]
    public async Task Tail_PrintsWhatWasAndWhatComes_AndGoesOnFromAPosition()
    {
        await CliCommand.RunWithInputAsync("1\n2\n3\n", "send", "tailed", "-s", Server);
        await using ProcessHost tail = ProcessHost.Start("Cli", ["tail", "tailed", "-s", Server, "--json", "--last", "2", "--count", "3"]);
        var position = (string)JsonNode.Parse(await tail.LineAsync("\"text\":\"3\""))!["position"]!;
        await CliCommand.RunAsync("send", "tailed", "4", "-s", Server);

        Assert.Equal(0, await tail.ExitAsync());
        Assert.Equal(["2", "3", "4"], tail.Output.Split('\n').Select(static line => (string)JsonNode.Parse(line)!["text"]!));
        var rest = await CliCommand.RunAsync("tail", "tailed", "-s", Server, "--after", position, "--count", "1");
        Assert.EndsWith(": 4", Assert.Single(rest.Output), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tail_WhenInterrupted_EndsQuietly()
    {
        await CliCommand.RunAsync("send", "interrupted", "here", "-s", Server);
        await using ProcessHost tail = ProcessHost.Start("Cli", ["tail", "interrupted", "-s", Server, "--last", "1"], inside: s_interruptible);
        await tail.LineAsync("here");
        tail.Send(Signal.Interrupt);

        Assert.Equal((0, ""), (await tail.ExitAsync(), tail.Errors));
    }

    [Fact]
    public async Task Send_WhenInterruptedBeforeItsInputEnds_SaysSoByItsExitCode()
    {
        // Its input is this test's own, or nothing: it is interrupted where it connects.
        using System.Net.Sockets.TcpListener silent = new(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        await using ProcessHost send = ProcessHost.Start("Cli", ["send", "lobby", "hello", "-s", $"ws://{silent.LocalEndpoint}"], inside: s_interruptible);
        using var connection = await Deadline.Within(silent.AcceptSocketAsync(TestContext.Current.CancellationToken).AsTask(), "the command's connection");
        send.Send(Signal.Interrupt);

        Assert.Equal((130, ""), (await send.ExitAsync(), send.Output));
    }

    [Fact]
    public async Task Chat_WithoutATerminal_ReadsAndPrintsLines()
    {
        await CliCommand.RunAsync("send", "pipes", "before", "-s", Server, "-n", "bob");
        var chat = await CliCommand.RunWithInputAsync("hello\n/quit\nnot this\n", "chat", "pipes", "-s", Server, "-n", "cid");
        Assert.Equal((0, ""), (chat.ExitCode, chat.Errors));
        Assert.EndsWith(" bob: before", chat.Output[0], StringComparison.Ordinal);
        Assert.EndsWith(" cid: hello", (await CliCommand.RunAsync("history", "pipes", "-s", Server)).Output[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rooms_ListsThem()
    {
        await using ChatClient ann = await ChatClient.RegisterAsync(_server, "list maker");
        await ann.JoinAsync("a \"listed\" room");
        Assert.Contains("a \"listed\" room", (await CliCommand.RunAsync("rooms", "-s", Server)).Output);
        Assert.Contains("\"a \\u0022listed\\u0022 room\"", (await CliCommand.RunAsync("rooms", "-s", Server, "--json")).Output);
    }

    [Fact]
    public async Task Texts_WithEscapeSequences_DoNotReachTheTerminal()
    {
        await CliCommand.RunAsync("send", "evil", "\e[2J\e]0;owned\a\u009b31m\u202Egnp.exe\rhidden", "-s", Server);
        string[] outputs =
        [
            .. (await CliCommand.RunAsync("history", "evil", "-s", Server)).Output,
            .. (await CliCommand.RunAsync("history", "evil", "-s", Server, "--json")).Output,
            .. (await CliCommand.RunAsync("tail", "evil", "-s", Server, "--last", "1", "--count", "1")).Output,
        ];
        Assert.Equal(3, outputs.Length);
        Assert.All(outputs, static line => Assert.DoesNotContain(line, static character => char.IsControl(character) || character == '\u202E'));
        Assert.Contains("␛[2J␛]0;owned␇�31m�gnp.exe␍hidden", outputs[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "send")]
    [InlineData(2, "no-such-command")]
    [InlineData(2, "rooms", "--no-such-option")]
    [InlineData(2, "rooms", "--server", "chat.example")]
    [InlineData(2, "tail", "lobby", "--after", "yesterday")]
    [InlineData(2, "tail", "lobby", "--last", "many")]
    [InlineData(2, "tail", "lobby", "--last", "5000")]
    [InlineData(2, "history", "lobby", "--limit", "0")]
    [InlineData(2, "send", "lobby", "")]
    [InlineData(2, "chat", "")]
    [InlineData(2, "history", "")]
    [InlineData(3, "rooms", "--server", "ws://127.0.0.1:1")]
    public async Task Command_ThatCannotBe_SaysWhyAndWithWhichCode(int code, params string[] args)
    {
        var result = await CliCommand.RunAsync(args);
        Assert.Equal((code, 0), (result.ExitCode, result.Output.Length));
        Assert.StartsWith("chitchatz: ", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("(Parameter ", result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bad_name", "rooms", "--name", "<b>")]
    [InlineData("name_reserved", "rooms", "--name", "admin")]
    [InlineData("bad_room", "send", "a  b", "hello")]
    [InlineData("text_too_long", "send", "long")]
    public async Task Command_ThatIsRefused_SaysWhyAndEndsWithOne(string refusal, params string[] args)
    {
        var result = await CliCommand.RunWithInputAsync(new string('x', 8_001), [.. args, "-s", Server]);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"({refusal})", result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("chat", "send", "tail", "rooms", "history")]
    [InlineData("--server", "CHITCHATZ_SERVER", "--after", "--json")]
    public async Task Help_NamesEverything(params string[] words)
    {
        string[] help = [.. (await CliCommand.RunAsync("--help")).Output, .. (await CliCommand.RunAsync("tail", "--help")).Output];
        Assert.All(words, word => Assert.Contains(help, line => line.Contains(word, StringComparison.Ordinal)));
    }
}
