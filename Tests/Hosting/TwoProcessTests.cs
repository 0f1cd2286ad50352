using ChitChatz.Tests.Processes;
using Xunit;

namespace ChitChatz.Tests.Hosting;

/// <summary>A silo and a gateway find each other in either order of start, and again after a crash.</summary>
public sealed class TwoProcessTests : IAsyncDisposable
{
    private readonly Deployment _service = new();

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task Gateway_WhenStartedBeforeItsSilo_WaitsAndSaysSo()
    {
        var gateway = _service.Start("Gateway");
        await gateway.LineAsync($"Waiting for a silo at 127.0.0.1:{_service.GatewayPort} (Silo:GatewayPort)");

        await _service.Start("Silo").ReadyAsync();

        await gateway.ReadyAsync();
        Assert.Equal(0, await gateway.StopAsync());
    }

    [Fact]
    public async Task Gateway_WhenItsSiloCrashesAndReturns_ConnectsAgain()
    {
        var silo = _service.Start("Silo");
        await silo.ReadyAsync();
        var gateway = _service.Start("Gateway");
        await gateway.ReadyAsync();

        await silo.KillAsync();
        await gateway.LineAsync("No silo is left");
        var next = _service.Start("Silo");
        await next.ReadyAsync();

        await gateway.LineAsync("is back");
        Assert.Equal(0, await next.StopAsync());
    }

    [Fact]
    public async Task Gateway_WhenAskedToStopWhileWaiting_Stops()
    {
        var gateway = _service.Start("Gateway");
        await gateway.LineAsync("Waiting for a silo");

        Assert.Equal(0, await gateway.StopAsync());
    }
}
