using ChitChatz.Tests.Support;

[assembly: AssemblyFixture(typeof(SharedStandalone))]

namespace ChitChatz.Tests.Support;

/// <summary>One Standalone for all tests that need no settings of their own; they keep apart by the names of their users and rooms.</summary>
public sealed class SharedStandalone : IAsyncLifetime
{
    private readonly Lazy<Task<StandaloneApp>> _app = new(() => StandaloneApp.StartAsync());

    /// <summary>Where it is.</summary>
    public async Task<Uri> WebSocketAsync() => (await _app.Value).WebSocket;

    /// <summary>A name that no other test has.</summary>
    public static string Unique(string name) => $"{name}-{Guid.NewGuid():N}"[..Math.Min(40, name.Length + 33)];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_app.IsValueCreated)
        {
            await (await _app.Value).DisposeAsync();
        }
    }
}
