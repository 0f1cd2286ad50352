using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Xunit;

namespace ChitChatz.Tests.Processes;

/// <summary>One of our executables as a process of its own, started from a working directory that is not its own.</summary>
public sealed partial class ProcessHost : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly Process _process;
    private readonly List<(string Text, TaskCompletionSource<string> Seen)> _awaited = [];
    private readonly List<string> _output = [];
    private readonly List<string> _errors = [];
    private readonly Lock _lock = new();

    private ProcessHost(Process process) => _process = process;

    /// <summary>What it wrote to standard output so far.</summary>
    public string Output => Joined(_output);

    /// <summary>What it wrote to standard error so far.</summary>
    public string Errors => Joined(_errors);

    /// <summary>Starts an executable of this build.</summary>
    /// <param name="name">Standalone, Silo or Gateway.</param>
    /// <param name="args">Its command line.</param>
    /// <param name="environment">Variables to add; the test's own of the kind that we read are taken out.</param>
    /// <param name="folder">Where the program lies; by default where this build put it.</param>
    public static ProcessHost Start(string name, IEnumerable<string> args, IReadOnlyDictionary<string, string>? environment = null, string? folder = null)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = Path.GetTempPath(),
        };
        start.ArgumentList.Add(Path.Combine(folder ?? AppContext.BaseDirectory, $"ChitChatz.{name}.dll"));
        foreach (var arg in args)
            start.ArgumentList.Add(arg);
        foreach (var variable in new[] { "ASPNETCORE_URLS", "ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT", "PORT", "SECRET", "URLS" })
            start.Environment.Remove(variable);
        foreach (var (key, value) in environment ?? new Dictionary<string, string>())
            start.Environment[key] = value;

        var host = new ProcessHost(new Process { StartInfo = start });
        host._process.OutputDataReceived += (_, line) => host.Read(host._output, line.Data);
        host._process.ErrorDataReceived += (_, line) => host.Read(host._errors, line.Data);
        host._process.Start();
        host._process.BeginOutputReadLine();
        host._process.BeginErrorReadLine();
        return host;
    }

    /// <summary>Ends with the first line that contains a text, at once if there was one.</summary>
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
        Assert.True(seen.Task.IsCompleted, $"No line with '{text}' {(ended.IsCompletedSuccessfully ? $"before exit code {_process.ExitCode}" : $"within {Patience}")}:\n{Output}\n{Errors}");
        return await seen.Task;
    }

    /// <summary>Ends when it is ready; gives what it listens on.</summary>
    public async Task<string> ReadyAsync() => ReadyLine().Match(await LineAsync("Ready on ")).Groups[1].Value;

    /// <summary>Ends when it has ended by itself; gives its exit code.</summary>
    public async Task<int> ExitAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"It has not ended within {Patience}:\n{Output}\n{Errors}");
        }

        return _process.ExitCode;
    }

    /// <summary>Kills it as a crash does (SIGKILL).</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await ExitAsync();
    }

    /// <summary>Asks it to stop (SIGTERM); gives its exit code.</summary>
    public async Task<int> StopAsync()
    {
        Assert.Equal(0, SendSignal(_process.Id, 15));
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

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);

    private void Read(List<string> lines, string? line)
    {
        if (line is null)
            return;
        lock (_lock)
        {
            lines.Add(line);
            foreach (var (text, seen) in _awaited)
                if (line.Contains(text, StringComparison.Ordinal))
                    seen.TrySetResult(line);
        }
    }

    private string Joined(List<string> lines)
    {
        lock (_lock)
            return string.Join('\n', lines);
    }
}
