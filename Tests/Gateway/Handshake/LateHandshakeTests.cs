using ChitChatz.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ChitChatz.Tests.Gateway.Handshake;

/// <summary>Who comes in at the very moment at which the process begins to stop.</summary>
public sealed class LateHandshakeTests
{
    [Fact]
    public async Task Handshake_ThatIsUnderWayWhenTheGoodbyeIsSaid_IsToldToComeBackToo()
    {
        HeldUpgrades held = new();
        StandaloneApp server = await StandaloneApp.StartAsync(builder => builder.Services.AddSingleton<IStartupFilter>(held));
        TaskCompletionSource said = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration registration = server.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(said.SetResult);
        Task<ChatClient> connecting = ChatClient.ConnectAsync(server.WebSocket);
        await Deadline.Within(held.Reached, "the handshake");

        // The goodbye is said before the host tells anybody else that it stops.
        Task stopped = server.DisposeAsync().AsTask();
        await Deadline.Within(said.Task, "the end of the goodbye");
        held.LetGo();

        await using ChatClient late = await connecting;
        Assert.Equal(1012, (await Deadline.Within(late.Closed, "the close")).Status);
        await Deadline.Within(stopped, "the end of the stop");
    }

    /// <summary>Holds each upgrade until it is let go: between the look at whether the process stops, and the connection.</summary>
    private sealed class HeldUpgrades : IStartupFilter
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _letGo = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Reached => _reached.Task;

        public void LetGo() => _letGo.SetResult();

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(async (context, rest) =>
            {
                if (context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } server)
                    context.Features.Set<IHttpUpgradeFeature>(new HeldUpgrade(server, this));
                await rest(context);
            });
            next(app);
        };

        private sealed class HeldUpgrade(IHttpUpgradeFeature server, HeldUpgrades all) : IHttpUpgradeFeature
        {
            public bool IsUpgradableRequest => server.IsUpgradableRequest;

            public async Task<Stream> UpgradeAsync()
            {
                all._reached.TrySetResult();
                await all._letGo.Task;
                return await server.UpgradeAsync();
            }
        }
    }
}
