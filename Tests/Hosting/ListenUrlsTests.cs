using ChitChatz.Hosting.Configuration;
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
    public void Failures_WhenItCannotBeListenedOn_NameTheSetting(string? urls, string? port, string named)
    {
        Assert.Contains(named, Assert.Single(ListenUrls.Failures(Configuration(urls, port))), StringComparison.Ordinal);
    }

    [Fact]
    public void Failures_WhenAllCanBeListenedOn_AreNone() =>
        Assert.Empty(ListenUrls.Failures(Configuration("http://127.0.0.1:1;http://[::1]:2;http://*:3/", "not read then")));

    [Fact]
    public void Failures_WhenKestrelIsConfiguredBesideIt_RefuseThat()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Kestrel:Endpoints:A:Url", "http://0.0.0.0:1")]).Build();

        Assert.Contains("--urls", Assert.Single(ListenUrls.Failures(configuration)), StringComparison.Ordinal);
    }

    private static IConfiguration Configuration(string? urls, string? port) =>
        new ConfigurationBuilder().AddInMemoryCollection([new("urls", urls), new("PORT", port)]).Build();
}
