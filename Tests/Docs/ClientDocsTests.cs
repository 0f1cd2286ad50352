using System.Diagnostics.Metrics;
using System.Globalization;
using System.Reflection;
using ChitChatz.Client;
using ChitChatz.Client.Telemetry;
using Microsoft.Extensions.DependencyInjection;

namespace ChitChatz.Tests.Docs;

/// <summary>Holds the documents of the .NET client and of the command line, and their code, together.</summary>
public sealed class ClientDocsTests
{
    private static readonly Document Page = Document.Read("docs/api/dotnet-client.md");

    [Fact]
    public void Bot_WhenShown_IsTheSample() =>
        Assert.Equal(File.ReadAllLines(Path.Combine(Document.Root, "samples/EchoBot/Program.cs")), Document.Read("README.md").Fenced("Use it from .NET", "csharp"));

    [Fact]
    public void Options_WhenDocumented_AreThoseThatExistWithTheirDefaults()
    {
        ChatClientOptions defaults = new();
        Assert.Equal(
            typeof(ChatClientOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(property => (property.Name, Shown(property.GetValue(defaults)))),
            Page.Table("Options").Select(static row => (Document.Code(row[0]), Document.Code(row[1]))));
    }

    [Fact]
    public void States_WhenDocumented_AreThoseThatExist() =>
        Assert.Equal(Enum.GetNames<ChatState>(), Page.Table("States").Select(static row => Document.Code(row[0])));

    [Fact]
    public void Instruments_WhenDocumented_AreThoseThatExist()
    {
        using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        Dictionary<Instrument, SortedSet<string>> tags = [];
        using MeterListener listener = new();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (!ReferenceEquals(instrument.Meter.Scope, meters))
                return;
            tags[instrument] = new SortedSet<string>(StringComparer.Ordinal);
            self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, _, given, _) =>
        {
            foreach (var tag in given)
                tags[instrument].Add($"{tag.Key}={tag.Value}");
        });
        listener.Start();
        ChatClientInstruments instruments = new(meters);
        instruments.Connected(succeeded: true);
        instruments.Connected(succeeded: false);
        instruments.Received(1, fromLog: true);
        instruments.Received(1, fromLog: false);
        instruments.Acked(default);
        foreach (var failure in Enum.GetValues<ChatFailure>())
            instruments.Failed(failure);

        Assert.Equal(
            tags.Select(static published => (published.Key.Name, Kind(published.Key), published.Key.Unit!, string.Join(' ', published.Value))).Order(),
            Page.Table("Logs and metrics").Select(static row => (Document.Code(row[0]), row[1], Document.Code(row[2]), Tags(row[3]))).Order());
    }

    [Fact]
    public void ExitCodes_WhenDocumented_AreThoseThatExist() =>
        Assert.Equal(
            typeof(ChitChatz.Cli.ExitCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(static field => (int)field.GetRawConstantValue()!),
            File.ReadLines(Path.Combine(Document.Root, "Cli/README.md")).Where(static line => line.StartsWith("| ", StringComparison.Ordinal) && char.IsDigit(line[2]))
                .Select(static line => int.Parse(line.Split('|')[1], CultureInfo.InvariantCulture)));

    private static string Kind(Instrument instrument) => instrument.GetType().Name.Split('`')[0] switch
    {
        "Counter" => "counter",
        "UpDownCounter" => "up-down counter",
        "Histogram" => "histogram",
        var other => other,
    };

    /// <summary>A tag and its values in backticks, as the measurements have them.</summary>
    private static string Tags(string cell) => cell.Split('`') is [_, var key, _, .. var values]
        ? string.Join(' ', values.Where(static (_, place) => place % 2 == 0).Where(static value => value.Length > 0).Select(value => $"{key}={value}").Order(StringComparer.Ordinal))
        : "";

    private static string Shown(object? value) => value switch
    {
        null or "" or IList<Uri> { Count: 0 } => "(none)",
        bool truth => truth ? "true" : "false",
        TimeSpan time => time < TimeSpan.FromSeconds(1) ? $"{time.TotalMilliseconds} ms" : $"{time.TotalSeconds} s",
        int number => number.ToString("N0", CultureInfo.InvariantCulture),
        TimeProvider => "the system's",
        _ => throw new InvalidOperationException($"{value} has no spelling."),
    };
}
