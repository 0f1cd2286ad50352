using System.Diagnostics.Metrics;
using ChitChatz.Grains;
using ChitChatz.Grains.Abstractions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace ChitChatz.Tests.Grains;

public sealed class StreamInboxesTests
{
    [Fact]
    public async Task PublishAsync_WhenThereIsNoProvider_CountsAndDoesNotThrow()
    {
        using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        IMeterFactory meters = services.GetRequiredService<IMeterFactory>();
        long failures = 0;
        using MeterListener listener = new();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Scope == meters && instrument.Name == "chitchatz.push.failures")
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => failures += value);
        listener.Start();

        StreamInboxes inboxes = new(services, new GrainsInstruments(meters), NullLogger<StreamInboxes>.Instance);
        await inboxes.PublishAsync(GatewayId.New(), new RoomMoved("r", 1, 0));
        Assert.Equal(1, failures);
    }
}
