using System.Diagnostics.Metrics;

namespace ChitChatz.Storage;

/// <summary>The metrics of the log (meter <c>ChitChatz.Storage</c>).</summary>
public sealed class StorageInstruments
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "ChitChatz.Storage";

    private static readonly KeyValuePair<string, object?> Definite = new("outcome", "definite");
    private static readonly KeyValuePair<string, object?> Unclear = new("outcome", "unclear");

    // Half a millisecond, which is memory, to ten seconds, which is a breakdown.
    private static readonly InstrumentAdvice<double> Seconds = new() { HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] };
    private static readonly InstrumentAdvice<int> Batches = new() { HistogramBucketBoundaries = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 4096] };
    private static readonly KeyValuePair<string, object?>[] Statuses = [.. Enum.GetValues<AppendStatus>().Select(Status)];
    private static readonly KeyValuePair<string, object?> Unknown = new("status", "Unknown");

    private readonly Histogram<int> _commitMessages;
    private readonly Histogram<double> _commitDuration;
    private readonly Histogram<double> _appendDuration;
    private readonly Counter<long> _commitFailures;
    private readonly Counter<long> _refused;

    /// <summary>Makes the instruments.</summary>
    public StorageInstruments(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _commitMessages = meter.CreateHistogram<int>("chitchatz.log.commit.messages", "{message}", "Messages that were committed together.", tags: null, Batches);
        _commitDuration = meter.CreateHistogram<double>("chitchatz.log.commit.duration", "s", "How long a commit took.", tags: null, Seconds);
        _appendDuration = meter.CreateHistogram<double>("chitchatz.log.append.duration", "s", "From a room's append to its outcome.", tags: null, Seconds);
        _commitFailures = meter.CreateCounter<long>("chitchatz.log.commit.failures", "{commit}", "Commits that failed, or whose outcome is unclear.");
        _refused = meter.CreateCounter<long>("chitchatz.log.append.refused", "{append}", "Appends refused because too many were under way.");

        // From nothing, so that the first event has a rate.
        _commitFailures.Add(0, Definite);
        _commitFailures.Add(0, Unclear);
        _refused.Add(0);
    }

    internal void Committed(int messages, TimeSpan duration)
    {
        _commitMessages.Record(messages);
        _commitDuration.Record(duration.TotalSeconds);
    }

    internal void CommitFailed(bool outcomeUnclear) => _commitFailures.Add(1, outcomeUnclear ? Unclear : Definite);

    internal void Ended(AppendStatus? status, TimeSpan duration) =>
        _appendDuration.Record(duration.TotalSeconds, status is { } known ? Statuses[(int)known] : Unknown);

    internal void Refused() => _refused.Add(1);

    private static KeyValuePair<string, object?> Status(AppendStatus status) => new("status", status.ToString());
}
