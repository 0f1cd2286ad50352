using System.Diagnostics;
using ChitChatz.Tests.Support;
using OpenTelemetry;

namespace ChitChatz.Tests.Telemetry;

/// <summary>Keeps the spans that have ended, as an exporter would get them, and lets a test wait for a trace.</summary>
internal sealed class SpanRecorder : BaseProcessor<Activity>
{
    private readonly Lock _gate = new();
    private readonly List<Activity> _spans = [];
    private readonly List<(Func<Activity[], bool> Wanted, TaskCompletionSource<Activity[]> Found)> _waiters = [];

    public Activity[] Spans
    {
        get
        {
            lock (_gate)
            {
                return [.. _spans];
            }
        }
    }

    public override void OnEnd(Activity data)
    {
        lock (_gate)
        {
            _spans.Add(data);
            Activity[] trace = Trace(data);
            _waiters.RemoveAll(waiter => waiter.Wanted(trace) && waiter.Found.TrySetResult(trace));
        }
    }

    /// <summary>The spans of a trace, as soon as they are what is wanted.</summary>
    public async Task<Activity[]> TraceAsync(Func<Activity[], bool> wanted)
    {
        TaskCompletionSource<Activity[]> found = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            foreach (Activity[] trace in _spans.Select(static span => span.TraceId).Distinct().Select(id => _spans.Where(span => span.TraceId == id).ToArray()))
            {
                if (wanted(trace))
                {
                    return trace;
                }
            }

            _waiters.Add((wanted, found));
        }

        try
        {
            return await Deadline.Within(found.Task, "a trace");
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException(exception.Message + "; there were " + string.Join("; ", Spans.Select(static span => $"{span.TraceId}: {span.DisplayName}")));
        }
    }

    private Activity[] Trace(Activity one) => [.. _spans.Where(span => span.TraceId == one.TraceId)];
}
