using ChitChatz.Tests.Support;
using Xunit;

namespace ChitChatz.Tests.Web;

/// <summary>
/// A running ChitChatz that serves the web client at <see cref="Address"/>: a Standalone in this process, or whatever is at
/// CHITCHATZ_URL, so that the same tests can be pointed at any deployment.
/// </summary>
public sealed class WebServerFixture : IAsyncLifetime
{
    private StandaloneApp? _app;

    /// <summary>Where the web client is.</summary>
    public Uri Address { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        if (Environment.GetEnvironmentVariable("CHITCHATZ_URL") is { Length: > 0 } address)
        {
            Address = new Uri(address);
            return;
        }

        _app = await StandaloneApp.StartAsync();
        Address = _app.Http;
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
    }
}
