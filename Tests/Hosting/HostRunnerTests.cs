using ChitChatz.Hosting;
using ChitChatz.Hosting.Health;
using ChitChatz.Hosting.Start;
using ChitChatz.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ChitChatz.Tests.Hosting;

/// <summary>The end of a process.</summary>
public sealed class HostRunnerTests
{
    private static readonly HttpClient s_http = new();

    [Fact]
    public async Task Run_WhenAPartDoesNotStop_EndsAllTheSame()
    {
        TaskCompletionSource<IHost> built = new();
        Task<int> ended = HostRunner.RunAsync([], _ => Build(built, static services => services.AddHostedService<Stuck>()));
        IHost host = await built.Task;
        await WhenStartedAsync(host);

        host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        Assert.Equal(0, await Deadline.Within(ended, "the end of a process of which a part does not stop"));
    }

    [Fact]
    public void Limit_ByDefault_LeavesAWholeStopBelow15Seconds()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new());
        builder.AddChitChatzDefaults();
        using IHost host = builder.Build();

        Assert.InRange(HostRunner.StopLimit(host), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(14.5));
    }

    [Fact]
    public async Task Health_WhilePartsAreTakenDown_SaysThatTheProcessStops()
    {
        TaskCompletionSource<IHost> built = new();
        Task<int> ended = HostRunner.RunAsync([], _ => Build(built, static services => services.AddHostedService<Last>()));
        IHost host = await built.Task;
        await WhenStartedAsync(host);
        Last last = host.Services.GetServices<IHostedService>().OfType<Last>().Single();

        host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        Assert.Equal(0, await Deadline.Within(ended, "the end of the process"));
        Assert.Contains("The process stops.", last.Answer, StringComparison.Ordinal);
    }

    private static IHost Build(TaskCompletionSource<IHost> built, Action<IServiceCollection> add)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { Args = ["--Management:Port=0"] });
        builder.AddChitChatzDefaults();
        builder.Services.AddManagement(defaultPort: 0);
        builder.Services.Configure<HostOptions>(static options => options.ShutdownTimeout = TimeSpan.FromMilliseconds(100));
        add(builder.Services);
        IHost host = builder.Build();
        built.SetResult(host);
        return host;
    }

    private static async Task WhenStartedAsync(IHost host)
    {
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration registered = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.Register(started.SetResult);
        await Deadline.Within(started.Task, "the start of the process");
    }

    private sealed class Stuck : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.Delay(Timeout.Infinite, CancellationToken.None);
    }

    /// <summary>Asks while it is taken down itself, after all have stopped.</summary>
    private sealed class Last(ManagementServer server) : IHostedService, IAsyncDisposable
    {
        public string Answer { get; private set; } = "";

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public async ValueTask DisposeAsync()
        {
            using HttpResponseMessage response = await s_http.GetAsync(new Uri(server.Address!, "/health/ready"));
            Answer = await response.Content.ReadAsStringAsync();
        }
    }
}
