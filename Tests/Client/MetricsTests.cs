using System.Diagnostics.Metrics;
using System.Net.Sockets;
using ChitChatz.Client;
using ChitChatz.Protocol;
using Deadline = ChitChatz.Tests.Support.Deadline;

namespace ChitChatz.Tests.Client;

/// <summary>What a client measures: each test names all of it.</summary>
public sealed class MetricsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Connections_ThatFailComeAndGo_AreCounted()
    {
        await using ServiceBench bench = new();
        using Readings readings = new(bench.Meters);
        bench.Server.Refuse(new SocketException(111));
        var (connection, _) = await bench.JoinAsync();
        Assert.Equal("connections 1, connects outcome=connected 1, connects outcome=failed 1", readings.ToString());

        connection.Cut();
        var lost = await bench.StateAsync(ChatState.Reconnecting);
        Assert.Equal("connections 0, connects outcome=connected 1, connects outcome=failed 1", readings.ToString());

        bench.Time.Advance(lost.RetryIn!.Value);
        var next = await bench.Server.AcceptAsync();
        await next.LetInAsync(recovered: true);
        await bench.StateAsync(ChatState.Connected);
        Assert.Equal("connections 1, connects outcome=connected 2, connects outcome=failed 1", readings.ToString());

        var stopping = bench.StopAsync();
        await next.ExpectCloseAsync();
        await Deadline.Within(stopping, "the end of the application");
        Assert.Equal("connections 0, connects outcome=connected 2, connects outcome=failed 1", readings.ToString());
    }

    [Fact]
    public async Task Messages_HoweverOftenTheyCome_AreCountedOnceByTheirSource()
    {
        await using ServiceBench bench = new();
        using Readings readings = new(bench.Meters);
        var (connection, _) = await bench.JoinAsync();
        foreach (var seq in new[] { 1, 1, 2, 5 })
            await connection.PushAsync(seq);
        await connection.ShowAsync([3, 4, 5], more: false);
        await connection.PushAsync(5);
        await bench.SettleAsync(connection);

        Assert.Equal("connections 1, connects outcome=connected 1, messages source=log 3, messages source=push 2", readings.ToString());
    }

    [Fact]
    public async Task Sends_AreCountedByTheirOutcomeAndRepeatsApart()
    {
        await using ServiceBench bench = new();
        using Readings readings = new(bench.Meters);
        var (connection, room) = await bench.JoinAsync();
        var stored = room.SendAsync("stored", cancellationToken: Token);
        var message = await connection.ExpectAsync("message");
        bench.Time.Advance(TimeSpan.FromSeconds(2));
        await connection.AckAsync(message, 1);
        await Deadline.Within(stored, "the receipt");

        var refused = room.SendAsync("refused", cancellationToken: Token);
        await connection.RefuseAsync(await connection.ExpectAsync("message"), ErrorCodes.TextTooLong);
        await Assert.ThrowsAsync<ChatException>(() => Deadline.Within(refused, "the refusal"));

        var repeated = room.SendAsync("repeated", cancellationToken: Token);
        await connection.ExpectAsync("message");
        connection.Cut();
        // Three quarters of 500 ms, by the test's jitter.
        var next = await bench.ReconnectAsync();
        await next.LetInAsync(head: 1, recovered: true);
        await next.AckAsync(await next.ExpectAsync("message"), 2, duplicate: true);
        await Deadline.Within(repeated, "the receipt of the repeat");
        await bench.StateAsync(ChatState.Connected);

        var unknown = room.SendAsync("unknown", cancellationToken: Token);
        await next.ExpectAsync("message");
        await room.DisposeAsync();
        await Assert.ThrowsAsync<ChatException>(() => Deadline.Within(unknown, "its failure"));
        await Assert.ThrowsAsync<ChatException>(() => room.SendAsync("closed", cancellationToken: Token));

        Assert.Equal(
            "connections 1, connects outcome=connected 2, send.repeats 1, "
            + "sends outcome=closed 1, sends outcome=refused 1, sends outcome=stored 2, sends outcome=unknown 1",
            readings.ToString());
        Assert.Equal([("send.duration", 2.0), ("send.duration", 0.375)], readings.Durations);
    }

    /// <summary>Sums what one application's clients count, by instrument and tags, and keeps the durations that they measure.</summary>
    private sealed class Readings : IDisposable
    {
        private readonly Lock _gate = new();
        private readonly SortedDictionary<string, long> _sums = new(StringComparer.Ordinal);
        private readonly List<(string Name, double Seconds)> _durations = [];
        private readonly MeterListener _listener = new();

        public Readings(IMeterFactory meters)
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "ChitChatz.Client" && ReferenceEquals(instrument.Meter.Scope, meters))
                    listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
            {
                var name = Name(instrument, tags);
                lock (_gate)
                    _sums[name] = _sums.GetValueOrDefault(name) + value;
            });
            _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) =>
            {
                var name = Name(instrument, tags);
                lock (_gate)
                    _durations.Add((name, value));
            });
            _listener.Start();
        }

        public IEnumerable<(string Name, double Seconds)> Durations
        {
            get
            {
                lock (_gate)
                    return [.. _durations];
            }
        }

        public override string ToString()
        {
            lock (_gate)
                return string.Join(", ", _sums.Select(static sum => $"{sum.Key} {sum.Value}"));
        }

        public void Dispose() => _listener.Dispose();

        private static string Name(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var name = instrument.Name["chitchatz.client.".Length..];
            foreach (var (key, value) in tags)
                name += $" {key}={value}";
            return name;
        }
    }
}
