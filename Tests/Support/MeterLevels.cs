using System.Diagnostics.Metrics;

namespace ChitChatz.Tests.Support;

/// <summary>Sums what one application measures, from now on, and lets a test wait for a sum. Other applications in the process do not disturb it.</summary>
internal sealed class MeterLevels : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _sums = [];
    private readonly List<(string Instrument, Predicate<long> Wanted, TaskCompletionSource Reached)> _waiters = [];
    private readonly MeterListener _listener = new();

    public MeterLevels(IMeterFactory meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, meters))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            Add(instrument.Name, value);
            foreach (KeyValuePair<string, object?> tag in tags)
            {
                Add($"{instrument.Name} {tag.Value}", value);
            }
        });
        _listener.Start();
    }

    /// <summary>The sum of what an instrument measured; of one value of its tag alone when that follows its name.</summary>
    public long this[string instrument]
    {
        get
        {
            lock (_gate)
            {
                return _sums.GetValueOrDefault(instrument);
            }
        }
    }

    /// <summary>Ends when the sum is as wanted, or was so once since the call.</summary>
    public async Task ReachAsync(string instrument, Predicate<long> wanted, string missing)
    {
        TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (wanted(_sums.GetValueOrDefault(instrument)))
            {
                return;
            }

            _waiters.Add((instrument, wanted, reached));
        }

        try
        {
            await Deadline.Within(reached.Task, missing);
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"{exception.Message} ({instrument} is {this[instrument]})");
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Add(string instrument, long value)
    {
        lock (_gate)
        {
            long sum = _sums[instrument] = _sums.GetValueOrDefault(instrument) + value;
            _waiters.RemoveAll(waiter => waiter.Instrument == instrument && waiter.Wanted(sum) && waiter.Reached.TrySetResult());
        }
    }
}
