using System.Diagnostics;
using System.Text.RegularExpressions;

namespace ChitChatz.Chaos.Processes;

/// <summary>A program, mostly one of our executables, as a process of its own, started from a working directory that is not its own. Ends with this process.</summary>
public sealed partial class ProcessHost : IAsyncDisposable
{
    /// <summary>More lines than any start prints; of a process that runs for hours the newest are kept.</summary>
    private const int MaxLines = 10_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly Process _process;
    private readonly Action<string>? _onLine;
    private readonly List<(string Text, TaskCompletionSource<string> Seen)> _awaited = [];
    private readonly Queue<string> _output = [];
    private readonly Queue<string> _errors = [];
    private readonly Lock _lock = new();

    private ProcessHost(ProcessStartInfo start, Action<string>? onLine)
    {
        _onLine = onLine;
        _process = BoundProcess.Start(start);
        _process.OutputDataReceived += (_, line) => Read(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Read(_errors, line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The process' number.</summary>
    public int Id => _process.Id;

    /// <summary>What it wrote to standard output so far.</summary>
    public string Output => Joined(_output);

    /// <summary>What it wrote to standard error so far.</summary>
    public string Errors => Joined(_errors);

    /// <summary>Starts an executable of this build.</summary>
    /// <param name="name">Standalone, Silo or Gateway.</param>
    /// <param name="args">Its command line.</param>
    /// <param name="environment">Variables to add; the caller's own of the kind that we read are taken out.</param>
    /// <param name="folder">Where the program lies; by default where this build put it.</param>
    /// <param name="onLine">Gets each line that it writes, as it comes.</param>
    /// <param name="inside">A command that runs the program elsewhere, such as in a network namespace.</param>
    public static ProcessHost Start(
        string name, IEnumerable<string> args, IReadOnlyDictionary<string, string>? environment = null, string? folder = null, Action<string>? onLine = null,
        IReadOnlyList<string>? inside = null)
        => StartProgram([.. inside ?? [], "dotnet", Path.Combine(folder ?? AppContext.BaseDirectory, $"ChitChatz.{name}.dll"), .. args], environment, onLine);

    /// <summary>Starts any program.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="environment">Variables to add; the caller's own of the kind that we read are taken out.</param>
    /// <param name="onLine">Gets each line that it writes, as it comes.</param>
    public static ProcessHost StartProgram(string[] command, IReadOnlyDictionary<string, string>? environment = null, Action<string>? onLine = null)
    {
        ArgumentNullException.ThrowIfNull(command);
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var variable in new[] { "ASPNETCORE_URLS", "ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT", "PORT", "SECRET", "URLS" })
            start.Environment.Remove(variable);
        foreach (var (key, value) in environment ?? new Dictionary<string, string>())
            start.Environment[key] = value;
        return new ProcessHost(start, onLine);
    }

    /// <summary>Ends with the first line that contains a text, at once if there was one.</summary>
    /// <exception cref="TimeoutException">It did not come before the process ended, or in time.</exception>
    public async Task<string> LineAsync(string text)
    {
        var seen = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_output.Concat(_errors).FirstOrDefault(line => line.Contains(text, StringComparison.Ordinal)) is { } line)
                return line;
            _awaited.Add((text, seen));
        }

        using var patience = new CancellationTokenSource(Patience);
        var ended = _process.WaitForExitAsync(patience.Token);
        await Task.WhenAny(seen.Task, ended);
        if (!seen.Task.IsCompleted)
            throw new TimeoutException($"No line with '{text}' {(ended.IsCompletedSuccessfully ? $"before exit code {_process.ExitCode}" : $"within {Patience}")}:\n{Output}\n{Errors}");
        return await seen.Task;
    }

    /// <summary>Ends when it is ready; gives what it listens on.</summary>
    public async Task<string> ReadyAsync() => ReadyLine().Match(await LineAsync("Ready on ")).Groups[1].Value;

    /// <summary>Ends when it has ended, by itself and whenever that is; gives its exit code.</summary>
    public async Task<int> WhenExitedAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    /// <summary>Ends when it has ended by itself; gives its exit code.</summary>
    /// <exception cref="TimeoutException">It does not end.</exception>
    public async Task<int> ExitAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"It has not ended within {Patience}:\n{Output}\n{Errors}");
        }

        return _process.ExitCode;
    }

    /// <summary>Sends it a signal and does not wait.</summary>
    public void Send(Signal signal) => _process.Send(signal);

    /// <summary>Kills it as a crash does (SIGKILL).</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await ExitAsync();
    }

    /// <summary>Asks it to stop (SIGTERM); gives its exit code.</summary>
    public async Task<int> StopAsync()
    {
        Send(Signal.Terminate);
        return await ExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }

    [GeneratedRegex(@"Ready on (\S+)")]
    private static partial Regex ReadyLine();

    private void Read(Queue<string> lines, string? line)
    {
        if (line is null)
            return;
        lock (_lock)
        {
            if (lines.Count == MaxLines)
                lines.Dequeue();
            lines.Enqueue(line);
            foreach (var (text, seen) in _awaited)
                if (line.Contains(text, StringComparison.Ordinal))
                    seen.TrySetResult(line);
            _onLine?.Invoke(line);
        }
    }

    private string Joined(Queue<string> lines)
    {
        lock (_lock)
            return string.Join('\n', lines);
    }
}
