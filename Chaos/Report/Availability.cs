using ChitChatz.Chaos.Clients;
using ChitChatz.Chaos.Faults;

namespace ChitChatz.Chaos.Report;

/// <summary>How much of the time sends succeeded in time.</summary>
public static class Availability
{
    private const long Slice = 100_000;

    /// <summary>
    /// The share of tenths of a second, among those in which something was due, of which every message was acknowledged in time. Left out
    /// are those that an outage of the store touches before the time to answer was over.
    /// </summary>
    /// <param name="sent">The messages.</param>
    /// <param name="outages">The store's outages.</param>
    /// <param name="within">The time to answer, in microseconds.</param>
    public static double Of(IEnumerable<SentMessage> sent, IReadOnlyList<Outage> outages, long within)
    {
        var slices = sent.GroupBy(static message => message.Due / Slice)
            .Where(slice => !outages.Any(outage => slice.Key * Slice + Slice + within > outage.From && slice.Key * Slice < outage.To))
            .Select(slice => slice.All(message => message.AckedAt > 0 && message.AckedAt - message.Due <= within))
            .ToArray();
        return slices.Length == 0 ? 1 : slices.Count(static good => good) / (double)slices.Length;
    }
}
