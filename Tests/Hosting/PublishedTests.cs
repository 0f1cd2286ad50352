using ChitChatz.Tests.Processes;
using Xunit;

namespace ChitChatz.Tests.Hosting;

/// <summary>What <c>dotnet publish</c> made, from the folder in <c>CHITCHATZ_PUBLISHED</c>; <c>.ci/run</c> publishes it and sets that.</summary>
public sealed class PublishedTests : IAsyncDisposable
{
    private static readonly string? Published = Environment.GetEnvironmentVariable("CHITCHATZ_PUBLISHED");
    private readonly Deployment _service = new();

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Theory]
    [InlineData("Silo")]
    [InlineData("Gateway")]
    [InlineData("Standalone")]
    public void Output_WhenPublished_HasOneSettingsFileAndNoLoosePage(string name)
    {
        var files = Directory.GetFiles(Folder(name), "*", SearchOption.AllDirectories);

        Assert.Single(files, file => Path.GetFileName(file).StartsWith("appsettings", StringComparison.Ordinal));
        Assert.DoesNotContain(files, file => file.EndsWith(".html", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Standalone_WhenPublished_ServesThePageFromAnyWorkingDirectory()
    {
        await using var process = ProcessHost.Start("Standalone", [.. _service.CommonArgs, "--urls", _service.Address.ToString()], folder: Folder("Standalone"));
        await process.ReadyAsync();
        using var http = new HttpClient { BaseAddress = _service.Address };

        var page = await http.GetStringAsync("/", TestContext.Current.CancellationToken);

        Assert.Contains("<!doctype html>", page, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(0, await process.StopAsync());
    }

    private static string Folder(string name)
    {
        Assert.SkipWhen(string.IsNullOrEmpty(Published), "CHITCHATZ_PUBLISHED does not say where the published executables are.");
        return Path.Combine(Published!, name);
    }
}
