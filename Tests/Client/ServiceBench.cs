using System.Diagnostics.Metrics;
using ChitChatz.Client;
using ChitChatz.Protocol;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Deadline = ChitChatz.Tests.Support.Deadline;

namespace ChitChatz.Tests.Client;

/// <summary>The same with a client that is a service of an application, with the application's logs, meters and clock.</summary>
internal sealed class ServiceBench : ClientBench
{
    private readonly Application _application;

    public ServiceBench(Action<ChatClientOptions>? configure = null)
        : this(configure, new Application())
    {
    }

    private ServiceBench(Action<ChatClientOptions>? configure, Application application)
        : base(configure, application.Start) => _application = application;

    public LogRecorder Log => _application.Log;

    /// <summary>Where the application's meters come from.</summary>
    public IMeterFactory Meters => _application.Services.GetRequiredService<IMeterFactory>();

    /// <summary>Waits until the client has dealt with what was sent to it before.</summary>
    public async Task SettleAsync(ScriptedConnection connection)
    {
        var asking = Client.GetRoomsAsync(TestContext.Current.CancellationToken);
        var request = await connection.ExpectAsync("get_rooms");
        await connection.SendAsync(output => FrameWriter.Rooms(output, ["lobby"], jwt: null, (string)request["id"]!));
        await Deadline.Within(asking, "the rooms");
    }

    /// <summary>Ends the application.</summary>
    public Task StopAsync() => _application.Services.DisposeAsync().AsTask();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await StopAsync();
    }

    private sealed class Application
    {
        public LogRecorder Log { get; } = new();

        public ServiceProvider Services { get; private set; } = null!;

        public ChatClient Start(Action<ChatClientOptions> fill, Clock time)
        {
            ServiceCollection services = new();
            services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(Log));
            services.AddMetrics();
            services.AddSingleton<TimeProvider>(time);
            services.AddChitChatzClient(fill);
            Services = services.BuildServiceProvider();
            return Services.GetRequiredService<ChatClient>();
        }
    }
}
