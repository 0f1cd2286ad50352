using System.Text;
using System.Threading.Channels;
using ChitChatz.Tests.Support;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ChitChatz.Tests.Cli;

/// <summary>A terminal of 100 columns and 12 lines that a test types on and reads.</summary>
internal sealed class TestTerminal : IAnsiConsole, IAnsiConsoleInput, IDisposable
{
    private readonly Output _output = new();
    private readonly IAnsiConsole _console;
    private readonly Channel<ConsoleKeyInfo> _keys = Channel.CreateUnbounded<ConsoleKeyInfo>();

    public TestTerminal()
    {
        _console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.Yes,
            Out = new AnsiConsoleOutput(_output),
        });
        (_console.Profile.Width, _console.Profile.Height) = (100, 12);
    }

    public Profile Profile => _console.Profile;

    public IAnsiConsoleCursor Cursor => _console.Cursor;

    public IAnsiConsoleInput Input => this;

    public IExclusivityMode ExclusivityMode => _console.ExclusivityMode;

    public RenderPipeline Pipeline => _console.Pipeline;

    public void Dispose() => _output.Dispose();

    public void Clear(bool home) => _console.Clear(home);

    public void Write(IRenderable renderable) => _console.Write(renderable);

    public void WriteAnsi(Action<AnsiWriter> action) => _console.WriteAnsi(action);

    public bool IsKeyAvailable() => _keys.Reader.Count > 0;

    public ConsoleKeyInfo? ReadKey(bool intercept) => _keys.Reader.TryRead(out var key) ? key : null;

    public async Task<ConsoleKeyInfo?> ReadKeyAsync(bool intercept, CancellationToken cancellationToken) => await _keys.Reader.ReadAsync(cancellationToken);

    public void Type(string text)
    {
        foreach (var character in text)
            _keys.Writer.TryWrite(new ConsoleKeyInfo(character, character == '\r' ? ConsoleKey.Enter : ConsoleKey.NoName, false, false, false));
    }

    /// <summary>Waits until that has been drawn.</summary>
    public Task SeesAsync(string text) => Deadline.Within(_output.SeesAsync(text), $"'{text}' on the screen, which had {_output}");

    private sealed class Output : TextWriter
    {
        private readonly Lock _gate = new();
        private readonly StringBuilder _text = new();
        private readonly List<(string Text, TaskCompletionSource Seen)> _waiting = [];

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => Write(value.ToString());

        public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

        public override void Write(string? value)
        {
            lock (_gate)
            {
                _text.Append(value);
                var all = _text.ToString();
                foreach (var (_, seen) in _waiting.Where(each => all.Contains(each.Text, StringComparison.Ordinal)))
                    seen.TrySetResult();
            }
        }

        public Task SeesAsync(string text)
        {
            TaskCompletionSource seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_gate)
                _waiting.Add((text, seen));
            Write("");
            return seen.Task;
        }

        public override string ToString()
        {
            lock (_gate)
                return _text.ToString();
        }
    }
}
