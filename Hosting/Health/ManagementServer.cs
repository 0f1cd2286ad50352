using System.Net;
using System.Net.Sockets;
using ChitChatz.Hosting.Start;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChitChatz.Hosting.Health;

/// <summary>
/// The health endpoints, on a listener of their own that clients do not reach: <c>/health/live</c>, <c>/health/ready</c>,
/// <c>/health/startup</c>; and what else operators look at, <see cref="IManagementPages"/>. Runs from before the first other service until after the last one, so that it can say
/// that the process starts or stops.
/// </summary>
/// <remarks>
/// Live looks at this process alone, never at what it depends on: the restart that a failing answer asks for would mend nothing there.
/// It is served wherever the others are, since what asks it (a kubelet, a monitor) need not run on this machine, and it tells nothing.
/// </remarks>
internal sealed class ManagementServer(
    IOptions<ManagementSettings> settings,
    DefaultManagementPort defaultPort,
    IEnumerable<IReadiness> readiness,
    IEnumerable<IManagementPages> pages,
    Pulse pulse,
    StartupPhase phase,
    IHostApplicationLifetime lifetime,
    ILoggerFactory loggers) : IHostedLifecycleService, IAsyncDisposable
{
    private readonly ILogger _logger = loggers.CreateLogger<ManagementServer>();
    private WebApplication? _app;

    /// <summary>Where it listens, once it does.</summary>
    public Uri? Address { get; private set; }

    /// <inheritdoc />
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (settings.Value.Dashboard && !pages.Any(static part => part.IsDashboard))
            throw new StartupException("Management:Dashboard is true, and this process has no silo: the dashboard is served by a silo or Standalone. Set it there.");

        IPAddress address = IPAddress.Parse(settings.Value.Address);
        int port = settings.Value.Port ?? defaultPort.Value;
        try
        {
            // Two on one machine start without settings; to ask first whether the port is free would leave it to be taken meanwhile.
            if (!await TryListenAsync(address, port, orFail: settings.Value.Port is not null, cancellationToken))
                await TryListenAsync(address, 0, orFail: true, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            throw new StartupException($"Management:Port is {port}, and {address}:{port} cannot be listened on: {exception.Message} Choose another, or 0 for any free one.", exception);
        }

        Address = new Uri(_app!.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        ManagementServerLog.Listens(_logger, new Uri(Address, "/health/ready"));
    }

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Only now it stops: parts that were made later are taken down before, which may take its time.</summary>
    public ValueTask DisposeAsync() => _app?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task<bool> TryListenAsync(IPAddress address, int port, bool orFail, CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = 100;
            kestrel.Limits.MaxRequestBodySize = 0;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(5);
            kestrel.Listen(address, port);
        });
        builder.Services.AddRoutingCore();
        WebApplication app = builder.Build();
        foreach (IManagementPages part in pages)
            part.Map(app);
        app.Run(AnswerAsync);
        try
        {
            await app.StartAsync(cancellationToken);
            _app = app;
            return true;
        }
        catch (Exception exception) when (!orFail && exception is (IOException or SocketException))
        {
            await app.DisposeAsync();
            return false;
        }
    }

    private Task AnswerAsync(HttpContext context)
    {
        string[]? problems = context.Request.Path.Value switch
        {
            "/health/live" => pulse.Problem is { } problem ? [problem] : [],
            "/health/startup" => lifetime.ApplicationStarted.IsCancellationRequested ? [] : Starting(),
            "/health/ready" => Problems(),
            _ => null,
        };
        if (problems is null || context.Request.Method is not ("GET" or "HEAD"))
        {
            context.Response.StatusCode = problems is null ? StatusCodes.Status404NotFound : StatusCodes.Status405MethodNotAllowed;
            return Task.CompletedTask;
        }

        context.Response.StatusCode = problems.Length == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.CacheControl = "no-store";
        string[] warnings = context.Request.Path == "/health/ready" ? [.. readiness.Select(static part => part.Warning).OfType<string>()] : [];
        return context.Response.WriteAsJsonAsync(new HealthAnswer(problems.Length == 0 ? "ok" : "unavailable", problems, warnings), HealthJson.Readable.HealthAnswer);
    }

    private string[] Starting() => phase.WaitsFor is { } reason ? ["The process is starting.", reason] : ["The process is starting."];

    private string[] Problems()
    {
        if (!lifetime.ApplicationStarted.IsCancellationRequested)
            return Starting();
        if (lifetime.ApplicationStopping.IsCancellationRequested)
            return ["The process stops."];
        return [.. readiness.Select(static part => part.Problem).OfType<string>().Distinct()];
    }
}

internal static partial class ManagementServerLog
{
    [LoggerMessage(LogLevel.Information, "Health on {Address}")]
    public static partial void Listens(ILogger logger, Uri address);
}
