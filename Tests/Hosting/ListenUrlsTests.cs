using ChitChatz.Hosting.Configuration;
using ChitChatz.Hosting.Start;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace ChitChatz.Tests.Hosting;

public sealed class ListenUrlsTests
{
    [Theory]
    [InlineData("http://localhost:1", "5", "http://localhost:1")]
    [InlineData("", "5", "http://*:5")]
    [InlineData(null, "5", "http://*:5")]
    [InlineData(null, null, "http://localhost:3000")]
    [InlineData("http://127.0.0.1:1;http://[::1]:2;http://*:3/", null, "http://127.0.0.1:1;http://[::1]:2;http://*:3/")]
    public void From_WhenSeveralAreGiven_TakesTheFirstInRank(string? urls, string? port, string expected) =>
        Assert.Equal(expected, ListenUrls.From(Configuration(urls, port)));

    [Fact]
    public void From_WhenAnImageSetsItsPorts_DoesNotReadThem()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("HTTP_PORTS", "8080"), new("HTTPS_PORTS", "8081")]).Build();

        Assert.Equal(ListenUrls.Default, ListenUrls.From(configuration));
    }

    [Theory]
    [InlineData("somewhere", null, "--urls")]
    [InlineData("ftp://localhost:1", null, "--urls")]
    [InlineData("https://localhost:1", null, "--urls")]
    [InlineData("http://localhost:99999", null, "--urls")]
    [InlineData("http://127.0.0.1:80x", null, "--urls")]
    [InlineData("http://127.0.0.1.:80", null, "--urls")]
    [InlineData("http://nosuchhost.example:80", null, "--urls")]
    [InlineData("http://localhost:80/chat", null, "--urls")]
    [InlineData("http://localhost:80;http://", null, "--urls")]
    [InlineData(null, "-1", "PORT")]
    [InlineData(null, "70000", "PORT")]
    [InlineData(null, "http", "PORT")]
    public void From_WhenItCannotBeListenedOn_NamesTheSetting(string? urls, string? port, string named)
    {
        var exception = Assert.Throws<StartupException>(() => ListenUrls.From(Configuration(urls, port)));

        Assert.Contains(named, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void From_WhenKestrelIsConfiguredBesideIt_RefusesThat()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Kestrel:Endpoints:A:Url", "http://0.0.0.0:1")]).Build();

        Assert.Contains("--urls", Assert.Throws<StartupException>(() => ListenUrls.From(configuration)).Message, StringComparison.Ordinal);
    }

    private static IConfiguration Configuration(string? urls, string? port) =>
        new ConfigurationBuilder().AddInMemoryCollection([new("urls", urls), new("PORT", port)]).Build();
}
