using System.Diagnostics.Metrics;
using ChitChatz.Gateway;
using ChitChatz.Protocol;
using ChitChatz.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace ChitChatz.Tests.Telemetry;

/// <summary>What telemetry costs on the paths of each message.</summary>
[Collection(TelemetryCollection.Name)]
public sealed class CostTests
{
    private const int Times = 1_000;

    [Fact]
    public void Instruments_WhenSomebodyListens_AllocateNothing()
    {
        using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        IMeterFactory meters = services.GetRequiredService<IMeterFactory>();
        GatewayInstruments gateway = new(meters);
        StorageInstruments storage = new(meters);
        using MeterListener listener = new();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, meters))
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        long measured = 0;
        listener.SetMeasurementEventCallback<long>((_, _, _, _) => measured++);
        listener.SetMeasurementEventCallback<int>((_, _, _, _) => measured++);
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => measured++);
        listener.Start();

        long allocated = Allocated(() =>
        {
            gateway.Received();
            gateway.Posting(3);
            gateway.PostAnswered(TimeSpan.FromMilliseconds(1));
            gateway.Delivered(100);
            gateway.Refused(ErrorCodes.Overloaded);
            storage.Committed(3, TimeSpan.FromMilliseconds(1));
            storage.Ended(AppendStatus.Committed, TimeSpan.FromMilliseconds(1));
        });

        Assert.Equal(0, allocated);
        Assert.True(measured >= 9 * Times, $"Only {measured} measurements came.");
    }

    [Fact]
    public void Spans_WhenNobodyListens_AllocateNothing() =>
        Assert.Equal(0, Allocated(static () =>
        {
            Assert.Null(GatewayTracing.StartMessage());
            Assert.Null(GatewayTracing.StartFanOut(null, 1));
        }));

    private static long Allocated(Action action)
    {
        action();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Times; i++)
        {
            action();
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
