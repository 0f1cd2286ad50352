using ChitChatz.Streaming;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Hosting;
using Xunit;

namespace ChitChatz.Tests.Streaming;

public sealed class PushStreamOptionsTests
{
    [Fact]
    public void Failures_WhenDefault_AreNone() => Assert.Empty(new PushStreamOptions().Failures());

    [Fact]
    public async Task Start_WhenSeveralSettingsAreWrong_ListsThemAll()
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.UseOrleans(silo => silo
            .UseLocalhostClustering()
            .AddMemoryGrainStorage("PubSubStore")
            .AddPushStreams("push", options =>
            {
                options.QueueCount = 0;
                options.BatchSize = 2_000;
                options.MaxDeliveryBackoff = options.MinDeliveryBackoff;
            }));
        using IHost host = builder.Build();

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        foreach (string setting in new[] { "QueueCount must be from 1 to 4096, but is 0", "BatchSize must be", "MaxDeliveryBackoff must be above" })
            Assert.Contains($"Push streams 'push': {setting}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Backoff_WhenAttemptsGoOn_GrowsFromTheFirstPauseToTheLongest()
    {
        var backoff = new PushBackoff(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(1));
        foreach (int attempt in new[] { 0, 1, 5, 31, 32, int.MaxValue })
            Assert.InRange(backoff.Next(attempt), TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.FromMilliseconds(50), backoff.Next(0));
        Assert.InRange(backoff.Next(20), TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(1));
    }
}
