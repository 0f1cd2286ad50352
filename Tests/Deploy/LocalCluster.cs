using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using ChitChatz.Tests.Docs;
using ChitChatz.Tests.Processes;
using ChitChatz.Tests.Storage;

namespace ChitChatz.Tests.Deploy;

/// <summary>The script deploy/local-cluster, run with a folder and ports of its own.</summary>
internal sealed partial class LocalCluster : IAsyncDisposable
{
    private const int PortCount = 11;

    /// <summary>Five processes start on a machine that may run the other tests as well.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    private readonly TemporaryFolder _folder = new();
    private readonly Process _script;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly List<string> _seen = [];

    private LocalCluster(int port, IEnumerable<string> arguments)
    {
        Port = port;
        // A shell that was started with its interrupt ignored, as in the background of a script, can take none.
        ProcessStartInfo start = new("env", ["--default-signal=INT", "bash", Path.Combine(Document.Root, "deploy/local-cluster"), "--port", $"{port}", "--folder", _folder.Path, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        start.Environment.Remove("CHITCHATZ_DATABASE");
        _script = new Process { StartInfo = start };
        _script.OutputDataReceived += (_, line) => Read(line.Data);
        _script.ErrorDataReceived += (_, line) => Read(line.Data);
        _script.Start();
        _script.BeginOutputReadLine();
        _script.BeginErrorReadLine();
    }

    /// <summary>The first of its ports, which is the first gateway's; the second gateway's is the next.</summary>
    public int Port { get; }

    /// <summary>Where clients of a gateway connect: 1 or 2.</summary>
    public Uri WebSocket(int gateway) => new($"ws://127.0.0.1:{Port + gateway - 1}");

    /// <summary>Starts it, with what this build left.</summary>
    public static LocalCluster Start(params string[] arguments) =>
        new(FreeRange(), ["--no-build", "--configuration", DotNetCommand.Configuration, .. arguments]);

    /// <summary>Starts it on a port that may be taken.</summary>
    public static LocalCluster StartOn(int port) => new(port, ["--no-build", "--configuration", DotNetCommand.Configuration]);

    /// <summary>Ends with the next line that contains a text.</summary>
    public async Task<string> LineAsync(string text)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(s_patience);
        try
        {
            await foreach (string line in _lines.Reader.ReadAllAsync(patience.Token))
            {
                _seen.Add(line);
                if (line.Contains(text, StringComparison.Ordinal))
                    return line;
            }
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            // Said below.
        }

        throw new TimeoutException($"Missing: a line with '{text}'. There were:\n{string.Join('\n', _seen)}");
    }

    /// <summary>Presses Ctrl-C (SIGINT); gives its exit code.</summary>
    public Task<int> InterruptAsync()
    {
        Assert.Equal(0, SendSignal(_script.Id, 2));
        return ExitAsync();
    }

    /// <summary>Kills it, so that it can stop nothing itself (SIGKILL).</summary>
    public async Task KillAsync()
    {
        _script.Kill();
        await ExitAsync();
    }

    /// <summary>Ends when it has ended; gives its exit code.</summary>
    public async Task<int> ExitAsync()
    {
        try
        {
            await _script.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(s_patience, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"Missing after {s_patience}: the end of the script. It said:\n{string.Join('\n', _seen)}");
        }

        return _script.ExitCode;
    }

    /// <summary>The command lines of the processes that it started and that still run; each names the folder.</summary>
    public string[] Processes() =>
        [.. Directory.GetDirectories("/proc").Where(static folder => int.TryParse(Path.GetFileName(folder), out _)).Select(CommandLine)
            .Where(line => line.Contains(_folder.Path, StringComparison.Ordinal) && !line.Contains("local-cluster", StringComparison.Ordinal))];

    /// <summary>Ends when none of them runs any more.</summary>
    public async Task WhenAllEndedAsync()
    {
        long started = Stopwatch.GetTimestamp();
        while (Processes() is { Length: > 0 } left)
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < s_patience, $"Missing after {s_patience}: the end of\n{string.Join('\n', left)}");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_script.HasExited)
            await InterruptAsync();
        await WhenAllEndedAsync();
        _script.Dispose();
        _folder.Dispose();
    }

    private static int FreeRange()
    {
        while (true)
        {
            int[] ports = FreePorts.Take(PortCount);
            if (ports[^1] - ports[0] == PortCount - 1)
                return ports[0];
        }
    }

    private static string CommandLine(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline")).Replace('\0', ' ');
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has ended meanwhile.
            return "";
        }
    }

    private void Read(string? line)
    {
        if (line is not null)
            _lines.Writer.TryWrite(line);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);
}
