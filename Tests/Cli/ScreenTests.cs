using ChitChatz.Cli.Screen;
using ChitChatz.Cli.Text;
using ChitChatz.Client;
using Spectre.Console;

namespace ChitChatz.Tests.Cli;

/// <summary>What is drawn, and what is typed.</summary>
public sealed class ScreenTests
{
    [Fact]
    public void View_FillsTheScreenWithTheNewestLinesAboveTheInput()
    {
        Transcript transcript = new();
        for (var i = 1; i <= 10; i++)
            transcript.Add(Message($"message {i}"), isOwn: false);
        var done = transcript.AddPending("on its way");

        Assert.Equal(
            [.. Expected(8, 10), "  … on its way", "lobby", "> typed▏"],
            Draw(new ChatView(transcript.Lines, "lobby", "typed", caret: 5, height: 7)));
        done();
        Assert.Equal([.. Expected(7, 10), "lobby", "> ▏"], Draw(new ChatView(transcript.Lines, "lobby", "", caret: 0, height: 7)));
    }

    [Fact]
    public void View_OfAFewLines_StandsAtTheBottom() =>
        Assert.Equal(["", "", "lobby", "> ▏"], Draw(new ChatView([], "lobby", "", caret: 0, height: 5)));

    [Fact]
    public void View_WrapsWideTextAndShowsTheEndOfTheInput()
    {
        Transcript.Line wide = new(new string('漢', 30), Style.Plain);
        var drawn = Draw(new ChatView([wide], new string('s', 100), new string('a', 39) + "b", caret: 40, height: 6));
        Assert.Equal([new string('漢', 20), new string('漢', 10)], drawn[1..3]);
        Assert.Equal((new string('s', 40), new string('a', 38) + "b▏"), (drawn[3], drawn[4]));
    }

    [Theory]
    [InlineData("漢字", 1, "> 漢▏字")]
    [InlineData("ab", 0, "> ▏ab")]
    [InlineData("0123456789012345678901234567890123456789", 20, "> 01234567890123456789▏01234567890123456")]
    [InlineData("漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字", 20, "字漢字漢字漢字漢字漢字漢字漢字漢字漢字▏")]
    public void View_ShowsWhereOneTypes(string input, int caret, string shown) =>
        Assert.Equal(shown, Draw(new ChatView([], "lobby", input, caret, height: 5))[^1]);

    [Fact]
    public void View_OfATinyTerminal_IsDrawnAllTheSame() =>
        Assert.Equal(3, Draw(new ChatView([], "lobby", "text", caret: 4, height: 1)).Length);

    [Fact]
    public void Transcript_OfOtherPeoplesTexts_HasNoControlCharacters()
    {
        Transcript transcript = new();
        transcript.Add(Message("\e[31mred\rover\n[bold]markup[/]") with { From = "\e]0;title\a" }, isOwn: false);
        transcript.AddNote("\e[5m came");
        Assert.All(transcript.Lines, static line => Assert.DoesNotContain(line.Text, static character => char.IsControl(character) && character != '\n'));
        Assert.Contains("[bold]markup[/]", string.Join('\n', Draw(new ChatView(transcript.Lines, "", "", caret: 0, height: 10))), StringComparison.Ordinal);
    }

    [Fact]
    public void Transcript_ForgetsTheOldest()
    {
        Transcript transcript = new();
        for (var i = 0; i < 1_500; i++)
            transcript.AddNote($"{i}");
        Assert.Equal(1_000, transcript.Lines.Count);
        Assert.Equal("-- 1499 --", transcript.Lines[^1].Text);
        Assert.Equal(1_500, transcript.Count);
        Assert.Equal(500, transcript.Forgotten);
        Assert.Equal("-- 599 --", transcript.LinesUpTo(600, atLeast: 20)[^1].Text);
    }

    /// <summary>Who turned back and left it so reads on at the oldest line that is left, not on an empty screen.</summary>
    [Fact]
    public void Transcript_OfWhichAllThatWasShownIsForgotten_ShowsTheOldestThatIsLeft()
    {
        Transcript transcript = new();
        for (var i = 0; i < 1_500; i++)
            transcript.AddNote($"{i}");
        Assert.Equal(Enumerable.Range(500, 20).Select(static i => $"-- {i} --"), transcript.LinesUpTo(100, atLeast: 20).Select(static line => line.Text));
    }

    [Fact]
    public void Transcript_WhenSomebodyIsHeardBeforeItIsToldThatTheyCame_LeavesThatOut()
    {
        Transcript transcript = new();
        transcript.AddPresence("ann", came: true);
        transcript.Add(Message("hello"), isOwn: false);
        transcript.AddPresence("bob", came: true);
        transcript.AddPresence("bob", came: false);
        transcript.AddPresence("bob", came: true);
        Assert.Equal(["-- ann came --", "00:00 bob: hello", "-- bob left --", "-- bob came --"], transcript.Lines.Select(static line => line.Text));
    }

    [Fact]
    public void Input_TakesCharactersAndGivesTheLine()
    {
        InputLine input = new();
        Type(input, "ab👍🏽");
        Press(input, ConsoleKey.Backspace);
        Assert.Equal(("ab", 2), input.Content);
        Press(input, ConsoleKey.Escape);
        Assert.Equal("ab", Press(input, ConsoleKey.Enter));
        Assert.Equal(("", 0), input.Content);
        Assert.Null(Press(input, ConsoleKey.Backspace));
    }

    [Fact]
    public void Input_IsEditedWithTheKeysOfATerminal()
    {
        InputLine input = new();
        Type(input, "one two👍🏽three");
        Press(input, ConsoleKey.Home);
        Press(input, ConsoleKey.LeftArrow);
        Press(input, ConsoleKey.Delete);
        Assert.Equal(("ne two👍🏽three", 0), input.Content);
        for (var i = 0; i < 7; i++)
            Press(input, ConsoleKey.RightArrow);
        Type(input, "-");
        Assert.Equal(("ne two👍🏽-three", 11), input.Content);
        Press(input, ConsoleKey.K, ctrl: true);
        Press(input, ConsoleKey.W, ctrl: true);
        Assert.Equal(("ne ", 3), input.Content);
        Press(input, ConsoleKey.A, ctrl: true);
        Type(input, "o");
        Press(input, ConsoleKey.E, ctrl: true);
        Press(input, ConsoleKey.RightArrow);
        Type(input, "x");
        Assert.Equal(("one x", 5), input.Content);
        Press(input, ConsoleKey.U, ctrl: true);
        Assert.Equal(("", 0), input.Content);
    }

    [Fact]
    public void Input_RecallsWhatWasEntered()
    {
        InputLine input = new();
        Press(input, ConsoleKey.UpArrow);
        foreach (var line in (string[])["first", "second", "second"])
        {
            Type(input, line);
            Press(input, ConsoleKey.Enter);
        }

        Type(input, "half");
        Press(input, ConsoleKey.UpArrow);
        Assert.Equal(("second", 6), input.Content);
        Press(input, ConsoleKey.UpArrow);
        Press(input, ConsoleKey.UpArrow);
        Assert.Equal(("first", 5), input.Content);
        Press(input, ConsoleKey.DownArrow);
        Press(input, ConsoleKey.DownArrow);
        Press(input, ConsoleKey.DownArrow);
        Assert.Equal(("half", 4), input.Content);
    }

    [Theory]
    [InlineData("plain ünïcode 🎉 <&>", "plain ünïcode 🎉 <&>")]
    [InlineData("\e[2J\u0000\u007f", "␛[2J␀␡")]
    [InlineData("a\u009b1mb\u0085c", "a\uFFFD1mb\uFFFDc")]
    [InlineData("\u202Eabc\u2066\u200F\u2028", "\uFFFDabc\uFFFD\uFFFD\uFFFD")]
    [InlineData("line\nbreak\ttab", "line␊break␉tab")]
    public void Text_OfOneLine_IsHarmless(string text, string shown) => Assert.Equal(shown, TerminalText.OneLine(text));

    private static void Type(InputLine input, string text)
    {
        foreach (var character in text)
            Assert.Null(input.Press(new ConsoleKeyInfo(character, ConsoleKey.NoName, false, false, false)));
    }

    private static string? Press(InputLine input, ConsoleKey key, bool ctrl = false) => input.Press(new ConsoleKeyInfo('\0', key, false, false, ctrl));

    private static IEnumerable<string> Expected(int from, int to) => Enumerable.Range(from, to - from + 1).Select(static i => $"00:00 bob: message {i}");

    private static ChatMessage Message(string text) =>
        new("lobby", new ChatPosition(1, 1), new DateTimeOffset(new DateTime(2026, 11, 24, 0, 0, 0, DateTimeKind.Local)), "bob", "sub", null, text);

    private static string[] Draw(ChatView view)
    {
        StringWriter output = new();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = 40;
        console.Write(view);
        return output.ToString().Split('\n');
    }
}
