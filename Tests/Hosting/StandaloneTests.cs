using System.Net;
using ChitChatz.Tests.Processes;
using Xunit;

namespace ChitChatz.Tests.Hosting;

/// <summary>The one-process form as a user starts it, from some other working directory.</summary>
public sealed class StandaloneTests : IAsyncDisposable
{
    private readonly Deployment _service = new();

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task Standalone_WhenStarted_ServesThePageAndNothingElse()
    {
        var process = _service.Start("Standalone");
        Assert.Equal(_service.Address.ToString().TrimEnd('/'), await process.ReadyAsync());
        using var http = new HttpClient { BaseAddress = _service.Address };

        using var page = await http.GetAsync("/", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Equal("text/html; charset=utf-8", page.Content.Headers.ContentType?.ToString());
        Assert.Contains("require-trusted-types-for 'script'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("nosniff", page.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("no-referrer", page.Headers.GetValues("Referrer-Policy").Single());
        Assert.Equal("same-origin", page.Headers.GetValues("Cross-Origin-Opener-Policy").Single());
        Assert.True(page.Headers.CacheControl?.NoCache);
        Assert.False(page.Headers.Contains("Server"));

        using var again = new HttpRequestMessage(HttpMethod.Get, "/");
        again.Headers.IfNoneMatch.Add(page.Headers.ETag!);
        using var unchanged = await http.SendAsync(again, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);

        using var unknown = await http.GetAsync("/appsettings.json", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        using var post = await http.PostAsync("/", new StringContent("x"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, post.StatusCode);
        Assert.Equal(0, await process.StopAsync());
    }

    [Fact]
    public async Task Standalone_WhenStarted_KeepsItsFilesToItsOwner()
    {
        await _service.Start("Standalone").ReadyAsync();

        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_service.DataFolder));
        Assert.True(File.Exists(Path.Combine(_service.DataFolder, "chitchatz.db")), "The database is not in the data folder.");
    }

    [Fact]
    public async Task Standalone_WhenKilled_StartsAgainOnTheSameFolder()
    {
        var first = _service.Start("Standalone");
        await first.ReadyAsync();
        await first.KillAsync();

        var second = _service.Start("Standalone");

        await second.ReadyAsync();
        Assert.Equal(0, await second.StopAsync());
    }
}
