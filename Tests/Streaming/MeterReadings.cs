using System.Diagnostics.Metrics;
using ChitChatz.Streaming;

namespace ChitChatz.Tests.Streaming;

/// <summary>Sums the counters of one host's meter and lets a test wait for a value. Other hosts in the process do not disturb it.</summary>
internal sealed class MeterReadings : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _sums = [];
    private readonly List<(string Counter, long Value, TaskCompletionSource Met)> _waiters = [];
    private readonly MeterListener _listener = new();

    public MeterReadings(IMeterFactory meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == StreamingInstruments.MeterName && ReferenceEquals(instrument.Meter.Scope, meters))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => Add(instrument.Name, value));
        _listener.Start();
    }

    public long this[string counter]
    {
        get
        {
            lock (_lock)
                return _sums.GetValueOrDefault("chitchatz.streaming." + counter);
        }
    }

    public Task AtLeast(string counter, long value)
    {
        var met = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_sums.GetValueOrDefault("chitchatz.streaming." + counter) >= value)
                return Task.CompletedTask;
            _waiters.Add(("chitchatz.streaming." + counter, value, met));
        }

        return met.Task.Meet(() => $"counter {counter} was {this[counter]}, not at least {value}");
    }

    public void Dispose() => _listener.Dispose();

    private void Add(string counter, long value)
    {
        lock (_lock)
        {
            long sum = _sums[counter] = _sums.GetValueOrDefault(counter) + value;
            foreach (var (name, awaited, met) in _waiters)
            {
                if (name == counter && sum >= awaited)
                    met.TrySetResult();
            }
        }
    }
}
