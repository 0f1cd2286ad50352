using ChitChatz.Tests.Support;

[assembly: AssemblyFixture(typeof(SharedPostgres))]

namespace ChitChatz.Tests.Support;

/// <summary>One server for all tests that do not crash it; each takes a database of its own. Those that do start their own.</summary>
public sealed class SharedPostgres : IAsyncLifetime
{
    private readonly Lazy<Task<PrivatePostgres>> _server = new(StartNewAsync);

    /// <summary>The server.</summary>
    public Task<PrivatePostgres> Server => _server.Value;

    /// <summary>Another server; the test is skipped where none is installed, but never in CI.</summary>
    public static Task<PrivatePostgres> StartNewAsync()
    {
        if (PrivatePostgres.Missing is { } reason)
        {
            if (Environment.GetEnvironmentVariable("CI") == "true")
            {
                Assert.Fail($"{reason} CI installs it.");
            }

            Assert.Skip(reason);
        }

        return PrivatePostgres.StartNewAsync();
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_server is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            await (await _server.Value).DisposeAsync();
        }
    }
}
