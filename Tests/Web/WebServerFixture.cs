using Xunit;

namespace ChitChatz.Tests.Web;

/// <summary>
/// A running ChitChatz that serves the web client at <see cref="Address"/>. Read from CHITCHATZ_URL, so that the same tests can
/// be pointed at any deployment; without it the tests of this folder are skipped.
/// </summary>
public sealed class WebServerFixture : IAsyncLifetime
{
    /// <summary>Where the web client is, or null when there is none to test.</summary>
    public Uri? Address { get; private set; }

    public ValueTask InitializeAsync()
    {
        if (Environment.GetEnvironmentVariable("CHITCHATZ_URL") is { Length: > 0 } address)
            Address = new Uri(address);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
