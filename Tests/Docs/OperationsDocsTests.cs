using System.Diagnostics.Metrics;
using ChitChatz.Gateway;
using ChitChatz.Grains;
using ChitChatz.Protocol;
using ChitChatz.Storage;
using ChitChatz.Streaming;
using Microsoft.Extensions.DependencyInjection;

namespace ChitChatz.Tests.Docs;

/// <summary>Holds the table of instruments in docs/operations.md and the instruments together: names, types, units and tags.</summary>
public sealed class OperationsDocsTests
{
    private static readonly string[][] Rows = Document.Read("docs/operations.md").Table("Telemetry");

    [Fact]
    public void Instruments_WhenDocumented_AreThoseThatExist() =>
        Assert.Equal(
            Published().Select(static instrument => (instrument.Name, Type(instrument), instrument.Unit!)).Order(),
            Rows.Select(static row => (Document.Code(row[0]), row[1], Document.Code(row[2]))).Order());

    [Fact]
    public void Tags_WhenDocumented_AreThoseThatAreMeasured()
    {
        var tags = Tags();
        Assert.All(Rows, row => Assert.Equal((row[0], tags.GetValueOrDefault(Document.Code(row[0]), "")), (row[0], Document.Code(row[3]))));
    }

    [Fact]
    public void Instruments_WhenNamed_FollowTheConventions() =>
        Assert.All(Published(), static instrument =>
        {
            Assert.Matches("^chitchatz(\\.[a-z_]+)+$", instrument.Name);
            Assert.Matches("^(s|By|\\{[a-z]+\\})$", instrument.Unit);
            Assert.DoesNotMatch("(_seconds|_bytes|_total|_count)$", instrument.Name);
            Assert.False(string.IsNullOrWhiteSpace(instrument.Description));
        });

    private static List<Instrument> Published()
    {
        List<Instrument> published = [];
        Listen(static (_, _) => { }, (listener, instrument) => published.Add(instrument), static _ => { });
        return published;
    }

    /// <summary>The tag of each instrument that has one, when everything that can be tagged has happened.</summary>
    private static Dictionary<string, string> Tags()
    {
        Dictionary<string, string> tags = [];
        Listen(
            (instrument, tag) => tags[instrument.Name] = tag,
            static (listener, instrument) => listener.EnableMeasurementEvents(instrument),
            static all =>
            {
                all.Gateway.Refused(ErrorCodes.Overloaded);
                all.Gateway.PostAnswered(default);
                all.Storage.CommitFailed(outcomeUnclear: true);
                all.Storage.Ended(AppendStatus.Failed, default);
                StreamingCounters provider = all.Streaming.For("push");
                provider.Published();
                provider.Dropped();
                provider.Evicted(1);
                provider.Delivered(1);
                provider.Failed();
            });
        return tags;
    }

    private static void Listen(
        Action<Instrument, string> tagged,
        Action<MeterListener, Instrument> published,
        Action<(GatewayInstruments Gateway, GrainsInstruments Grains, StorageInstruments Storage, StreamingInstruments Streaming)> act)
    {
        using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        IMeterFactory meters = services.GetRequiredService<IMeterFactory>();
        using MeterListener listener = new();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, meters))
                published(self, instrument);
        };
        void Take<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
        {
            foreach (var tag in tags)
                tagged(instrument, tag.Key);
        }

        listener.SetMeasurementEventCallback<long>(Take);
        listener.SetMeasurementEventCallback<int>(Take);
        listener.SetMeasurementEventCallback<double>(Take);
        listener.Start();
        GatewayInstruments gateway = new(meters);
        gateway.Observe(static () => 0, static () => (0, 0));
        act((gateway, new GrainsInstruments(meters), new StorageInstruments(meters), new StreamingInstruments(meters)));
    }

    private static string Type(Instrument instrument) => instrument.GetType().Name.Split('`')[0] switch
    {
        "Counter" => "counter",
        "UpDownCounter" or "ObservableUpDownCounter" => "up-down counter",
        "ObservableGauge" => "gauge",
        "Histogram" => "histogram",
        var other => other,
    };
}
