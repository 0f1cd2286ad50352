using ChitChatz.Hosting.Configuration;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace ChitChatz.Hosting.Start;

/// <summary>Runs a process from its start to its end, and says in plain words on standard error why it could not start.</summary>
public static class HostRunner
{
    // A half-started silo may wait for what never comes; the reason of the failure is known and told by then.
    private static readonly TimeSpan CleanUpTime = TimeSpan.FromSeconds(5);

    // For what is done when the time of an orderly stop is over, and for taking down the parts.
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);

    /// <summary>Builds and runs a host; ends when it was asked to stop.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="build">Composes the host. What it throws is reported like what the start throws.</param>
    /// <returns>The process's exit code: 0 after a stop, 1 when it could not start, or a part failed when it was to stop.</returns>
    public static async Task<int> RunAsync(string[] args, Func<string[], IHost> build)
    {
        IHost? host = null;
        try
        {
            host = build(args);
            CheckSettings(args, host.Services);
            await host.StartAsync();
            host.Services.GetRequiredService<StartupPhase>().End();
            Show(host.Services);
        }
        catch (OperationCanceledException) when (host is not null && IsStopping(host))
        {
            // Ctrl-C while waiting, for example for a silo: no failure.
            await CleanUpAsync(host);
            return 0;
        }
        catch (Exception exception)
        {
            host?.Services.GetRequiredService<StartupPhase>().Fail();
            await ReportAsync(exception);
            if (host is not null)
                await CleanUpAsync(host);
            return 1;
        }

        try
        {
            await RunToItsEndAsync(host);
            return 0;
        }
        catch (Exception exception)
        {
            await Console.Error.WriteLineAsync($"ChitChatz did not stop in order: {exception}");
            return 1;
        }
    }

    /// <summary>After which time a process that was told to stop ends, whatever hangs.</summary>
    internal static TimeSpan StopLimit(IHost host) => host.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout + LastWords;

    /// <summary>
    /// Until it was asked to stop and has. What does not heed the time that the host has for its stop, as Orleans does not while the
    /// cluster's database is away, is left behind: nothing that was acknowledged is lost by that.
    /// </summary>
    private static async Task RunToItsEndAsync(IHost host)
    {
        var (logger, time, limit) = (host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("ChitChatz"), host.Services.GetRequiredService<TimeProvider>(), StopLimit(host));
        ConsoleLoggerProvider[] consoles = [.. host.Services.GetServices<ILoggerProvider>().OfType<ConsoleLoggerProvider>()];
        TaskCompletionSource stopping = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var asked = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(stopping.SetResult);
        var ended = StopAndDisposeAsync(host);
        await Task.WhenAny(ended, stopping.Task);
        try
        {
            await ended.WaitAsync(limit, time);
        }
        catch (TimeoutException)
        {
            Banner.LeftBehind(logger, (int)limit.TotalSeconds);
            // Lines wait in a queue for the console, and the process ends with the return. Others may wait for a collector that is away.
            Array.ForEach(consoles, static console => console.Dispose());
        }
    }

    private static async Task StopAndDisposeAsync(IHost host)
    {
        try
        {
            await host.WaitForShutdownAsync();
        }
        finally
        {
            await DisposeAsync(host);
        }
    }

    // The host would check the options too, but only after it has built parts that read single settings and fail one at a time.
    private static void CheckSettings(string[] args, IServiceProvider services)
    {
        KnownSection[] known = [.. services.GetServices<KnownSection>()];
        // What the command line has wrong is told as it stands there.
        IEnumerable<string> misspelled = MisspelledSections.Failures(services.GetRequiredService<IConfiguration>(), known, except: CommandLine.Sections(args));
        List<Exception> refused = [.. CommandLine.Failures(args, known).Concat(misspelled).Select(static failure => new StartupException(failure))];
        try
        {
            services.GetService<IStartupValidator>()?.Validate();
        }
        catch (Exception exception)
        {
            refused.Add(exception);
        }

        if (refused.Count > 0)
            throw new AggregateException(refused);
    }

    private static bool IsStopping(IHost host) =>
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested;

    private static void Show(IServiceProvider services)
    {
        var addresses = services.GetService<IServer>()?.Features.Get<IServerAddressesFeature>()?.Addresses.ToArray()
            ?? [ForGateways(services.GetRequiredService<IOptions<SiloSettings>>().Value)];
        var process = services.GetRequiredService<IHostEnvironment>().ApplicationName.Replace('.', ' ');
        Banner.Show(services.GetRequiredService<ILoggerFactory>().CreateLogger("ChitChatz"), process, services.GetRequiredService<DataFolder>().Path, addresses);
    }

    private static string ForGateways(SiloSettings silo) => $"{silo.Address}:{silo.GatewayPort} for gateways";

    private static async Task ReportAsync(Exception exception)
    {
        var lines = StartupErrors.Describe(exception);
        if (lines.Count == 0)
            lines = ["ChitChatz could not start, and this is not a reason it knows:", exception.ToString()];
        foreach (var line in lines)
            await Console.Error.WriteLineAsync(line);
    }

    private static async Task CleanUpAsync(IHost host)
    {
        using var time = new CancellationTokenSource(CleanUpTime);
        try
        {
            await host.StopAsync(time.Token).WaitAsync(time.Token);
            await DisposeAsync(host).AsTask().WaitAsync(time.Token);
        }
        catch (Exception)
        {
            // Parts that never started may not know how to stop, and the process ends now in any case.
        }
    }

    private static async ValueTask DisposeAsync(IHost host)
    {
        if (host is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
        else
            host.Dispose();
    }
}
