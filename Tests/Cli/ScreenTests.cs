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
            Draw(new ChatView(transcript.Lines, "lobby", "typed", height: 7)));
        done();
        Assert.Equal([.. Expected(7, 10), "lobby", "> ▏"], Draw(new ChatView(transcript.Lines, "lobby", "", height: 7)));
    }

    [Fact]
    public void View_OfAFewLines_StandsAtTheBottom() =>
        Assert.Equal(["", "", "lobby", "> ▏"], Draw(new ChatView([], "lobby", "", height: 5)));

    [Fact]
    public void View_WrapsWideTextAndShowsTheEndOfTheInput()
    {
        Transcript.Line wide = new(new string('漢', 30), Style.Plain);
        var drawn = Draw(new ChatView([wide], new string('s', 100), new string('a', 39) + "b", height: 6));
        Assert.Equal([new string('漢', 20), new string('漢', 10)], drawn[1..3]);
        Assert.Equal((new string('s', 40), new string('a', 38) + "b▏"), (drawn[3], drawn[4]));
    }

    [Fact]
    public void View_OfATinyTerminal_IsDrawnAllTheSame() =>
        Assert.Equal(3, Draw(new ChatView([], "lobby", "text", height: 1)).Length);

    [Fact]
    public void Transcript_OfOtherPeoplesTexts_HasNoControlCharacters()
    {
        Transcript transcript = new();
        transcript.Add(Message("\e[31mred\rover\n[bold]markup[/]") with { From = "\e]0;title\a" }, isOwn: false);
        transcript.AddNote("\e[5m came");
        Assert.All(transcript.Lines, static line => Assert.DoesNotContain(line.Text, static character => char.IsControl(character) && character != '\n'));
        Assert.Contains("[bold]markup[/]", string.Join('\n', Draw(new ChatView(transcript.Lines, "", "", height: 10))), StringComparison.Ordinal);
    }

    [Fact]
    public void Transcript_ForgetsTheOldest()
    {
        Transcript transcript = new();
        for (var i = 0; i < 1_500; i++)
            transcript.AddNote($"{i}");
        Assert.Equal(1_000, transcript.Lines.Count);
        Assert.Equal("-- 1499 --", transcript.Lines[^1].Text);
    }

    [Fact]
    public void Input_TakesCharactersAndGivesTheLine()
    {
        InputLine input = new();
        foreach (var character in "ab👍🏽")
            Assert.Null(input.Press(new ConsoleKeyInfo(character, ConsoleKey.NoName, false, false, false)));
        input.Press(new ConsoleKeyInfo('\b', ConsoleKey.Backspace, false, false, false));
        Assert.Equal("ab", input.Text);
        input.Press(new ConsoleKeyInfo('\e', ConsoleKey.Escape, false, false, false));
        Assert.Equal("ab", input.Press(new ConsoleKeyInfo('\r', ConsoleKey.Enter, false, false, false)));
        input.Press(new ConsoleKeyInfo('c', ConsoleKey.C, false, false, false));
        input.Press(new ConsoleKeyInfo('\u0015', ConsoleKey.U, false, false, true));
        Assert.Equal("", input.Text);
        Assert.Null(input.Press(new ConsoleKeyInfo('\b', ConsoleKey.Backspace, false, false, false)));
    }

    [Theory]
    [InlineData("plain ünïcode 🎉 <&>", "plain ünïcode 🎉 <&>")]
    [InlineData("\e[2J\u0000\u007f", "␛[2J␀␡")]
    [InlineData("a\u009b1mb\u0085c", "a\uFFFD1mb\uFFFDc")]
    [InlineData("\u202Eabc\u2066\u200F\u2028", "\uFFFDabc\uFFFD\uFFFD\uFFFD")]
    [InlineData("line\nbreak\ttab", "line␊break␉tab")]
    public void Text_OfOneLine_IsHarmless(string text, string shown) => Assert.Equal(shown, TerminalText.OneLine(text));

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
