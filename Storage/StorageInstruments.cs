using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ChitChatz.Storage;

/// <summary>The metrics of the log (meter <c>ChitChatz.Storage</c>).</summary>
public sealed class StorageInstruments
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "ChitChatz.Storage";

    private static readonly KeyValuePair<string, object?> Definite = new("outcome", "definite");
    private static readonly KeyValuePair<string, object?> Unclear = new("outcome", "unclear");

    private readonly Histogram<int> _commitMessages;
    private readonly Histogram<double> _commitDuration;
    private readonly Histogram<double> _appendDuration;
    private readonly Counter<long> _commitFailures;
    private readonly Counter<long> _refused;

    /// <summary>Makes the instruments.</summary>
    public StorageInstruments(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _commitMessages = meter.CreateHistogram<int>("chitchatz.log.commit.messages", "{message}", "Messages that were committed together.");
        _commitDuration = meter.CreateHistogram<double>("chitchatz.log.commit.duration", "s", "How long a commit took.");
        _appendDuration = meter.CreateHistogram<double>("chitchatz.log.append.duration", "s", "From a room's append to its outcome.");
        _commitFailures = meter.CreateCounter<long>("chitchatz.log.commit.failures", "{commit}", "Commits that failed, or whose outcome is unclear.");
        _refused = meter.CreateCounter<long>("chitchatz.log.append.refused", "{append}", "Appends refused because too many were under way.");
    }

    internal void Committed(int messages, TimeSpan duration)
    {
        _commitMessages.Record(messages);
        _commitDuration.Record(duration.TotalSeconds);
    }

    internal void CommitFailed(bool outcomeUnclear) => _commitFailures.Add(1, outcomeUnclear ? Unclear : Definite);

    internal void Ended(AppendStatus? status, TimeSpan duration) =>
        _appendDuration.Record(duration.TotalSeconds, new TagList { { "status", status?.ToString() ?? "Unknown" } });

    internal void Refused() => _refused.Add(1);
}
