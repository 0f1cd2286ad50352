using System.Diagnostics;
using System.Globalization;
using System.Net;
using ChitChatz.Chaos.Processes;

namespace ChitChatz.Chaos.Cluster;

/// <summary>
/// A silo, gateway or Standalone and whoever keeps it running: a process that ends by itself is started again after a second, as any
/// operator's supervisor does.
/// </summary>
/// <param name="name">Its name in reports.</param>
/// <param name="program">Silo, Gateway or Standalone.</param>
/// <param name="folder">Where that is published.</param>
/// <param name="management">Where its health is asked.</param>
/// <param name="inside">The command that runs it where it lives; empty for this machine.</param>
/// <param name="args">Its command line; given how often it was started before.</param>
/// <param name="log">Where its output goes.</param>
public sealed class ClusterNode(
    string name, string program, string folder, IPEndPoint management, string[] inside, Func<int, IEnumerable<string>> args, TextWriter log) : IPart, IAsyncDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);
    private static readonly HttpClient s_http = new() { Timeout = TimeSpan.FromSeconds(2) };

    private readonly Uri _health = new($"http://{management}/health/ready");
    private CancellationTokenSource? _wanted;
    private Task _supervising = Task.CompletedTask;
    private ProcessHost? _process;

    /// <inheritdoc/>
    public string Name => name;

    /// <summary>How often it was started, less one.</summary>
    public int Incarnation { get; private set; } = -1;

    /// <summary>What tells this start of it from others: its name and which start.</summary>
    public string Identity => string.Create(CultureInfo.InvariantCulture, $"{name}/{Incarnation}");

    /// <summary>How often it ended without being asked to, with what code and what last words.</summary>
    public List<string> Ends { get; } = [];

    /// <inheritdoc/>
    public Task StartAsync()
    {
        if (_wanted is null)
        {
            _wanted = new CancellationTokenSource();
            _supervising = SuperviseAsync(_wanted.Token);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task KillAsync() => EndAsync(Signal.Kill);

    /// <summary>SIGTERM; ends when it has ended. Gives how long that took.</summary>
    public async Task<TimeSpan> StopAsync()
    {
        var began = Stopwatch.GetTimestamp();
        await EndAsync(Signal.Terminate);
        return Stopwatch.GetElapsedTime(began);
    }

    /// <summary>SIGSTOP: it does nothing more, and nobody is told.</summary>
    public void Freeze() => _process?.Send(Signal.Stop);

    /// <summary>SIGCONT.</summary>
    public void Thaw() => _process?.Send(Signal.Continue);

    /// <summary>Ends when it has ended by itself and was started again.</summary>
    public async Task WhenRestartedAsync(int incarnation, CancellationToken cancellationToken)
    {
        while (Incarnation == incarnation)
            await Task.Delay(50, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task WhenReadyAsync(CancellationToken cancellationToken)
    {
        while (!await IsReadyAsync(cancellationToken))
            await Task.Delay(50, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        await log.DisposeAsync();
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await s_http.GetAsync(_health, cancellationToken);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return false;
        }
    }

    private async Task EndAsync(Signal signal)
    {
        if (_wanted is not { } wanted)
            return;
        await wanted.CancelAsync();
        _process?.Send(signal);
        await _supervising;
        wanted.Dispose();
        _wanted = null;
    }

    private async Task SuperviseAsync(CancellationToken wanted)
    {
        try
        {
            while (true)
            {
                Incarnation++;
                _process = ProcessHost.Start(program, args(Incarnation), folder: folder, onLine: log.WriteLine, inside: inside);
                var code = await _process.WhenExitedAsync();
                if (wanted.IsCancellationRequested)
                    return;
                Ends.Add(string.Create(CultureInfo.InvariantCulture, $"{Identity} ended with {code}: {LastWords(_process)}"));
                await _process.DisposeAsync();
                await Task.Delay(s_pause, wanted);
            }
        }
        catch (OperationCanceledException) when (wanted.IsCancellationRequested)
        {
            // Not wanted any more, and not running.
        }
        finally
        {
            if (_process is { } process)
            {
                _process = null;
                await process.DisposeAsync();
            }
        }
    }

    private static string LastWords(ProcessHost process) =>
        process.Errors.Split('\n').LastOrDefault(static line => line.Length > 0) ?? process.Output.Split('\n')[^1];
}
