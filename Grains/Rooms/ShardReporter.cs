using System.Collections.Concurrent;
using System.Threading.Channels;
using ChitChatz.Grains.Abstractions;
using Microsoft.Extensions.Logging;

namespace ChitChatz.Grains.Rooms;

/// <summary>
/// This silo's rooms of one shard of the directory: changes are gathered for 50 ms, all listed rooms are renewed every 15 s.
/// Holds at most one listing, the newest, per room of this silo, so it needs no other bound; a report that failed is made again.
/// </summary>
internal sealed class ShardReporter(int shard, Func<RoomListing[], Task> report, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<string, RoomListing> _listed = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, RoomListing> _changed = new(StringComparer.Ordinal);

    // One token for all changes until the loop has seen them.
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Report(RoomListing listing)
    {
        Keep(_listed, listing);
        Keep(_changed, listing);
        _wake.Writer.TryWrite(true);
    }

    /// <summary>Renews a room no longer, unless a newer activation on this silo has listed it since. A change not yet reported is still reported.</summary>
    public void Forget(RoomListing listing) => _listed.TryRemove(KeyValuePair.Create(listing.Key, listing));

    public async Task RunAsync(CancellationToken stopping)
    {
        long renewedAt = time.GetTimestamp();
        while (true)
        {
            TimeSpan untilRenewal = Renewal - time.GetElapsedTime(renewedAt);
            if (untilRenewal > TimeSpan.Zero && await ChangesWithinAsync(untilRenewal, stopping))
                await Task.Delay(Gather, time, stopping);

            bool renews = time.GetElapsedTime(renewedAt) >= Renewal;
            if (renews)
                renewedAt = time.GetTimestamp();

            _wake.Reader.TryRead(out _);
            if (!await TryReportAsync(Collect(renews), stopping))
                await Task.Delay(RetryDelay, time, stopping);
        }
    }

    private async Task<bool> ChangesWithinAsync(TimeSpan limit, CancellationToken stopping)
    {
        if (!_changed.IsEmpty)
            return true;

        using CancellationTokenSource due = new(limit, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(due.Token, stopping);
        try
        {
            await _wake.Reader.WaitToReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
        }

        return !_changed.IsEmpty;
    }

    private RoomListing[] Collect(bool renews)
    {
        Dictionary<string, RoomListing> listings = new(StringComparer.Ordinal);
        if (renews)
        {
            foreach ((string key, RoomListing listing) in _listed)
                listings[key] = listing;
        }

        foreach (string key in _changed.Keys)
        {
            if (_changed.TryRemove(key, out RoomListing? listing))
                listings[key] = listing;
        }

        return [.. listings.Values];
    }

    private async Task<bool> TryReportAsync(RoomListing[] listings, CancellationToken stopping)
    {
        if (listings.Length == 0)
            return true;

        try
        {
            await report(listings).WaitAsync(stopping);
        }
        catch (Exception exception) when (!stopping.IsCancellationRequested)
        {
            logger.ReportFailed(exception, shard);
            foreach (RoomListing listing in listings)
                Keep(_changed, listing);

            return false;
        }

        foreach (RoomListing listing in listings)
        {
            // A room without members has nothing to renew.
            if (listing.Count == 0)
                Forget(listing);
        }

        return true;
    }

    private static void Keep(ConcurrentDictionary<string, RoomListing> into, RoomListing listing) =>
        into.AddOrUpdate(
            listing.Key,
            static (_, added) => added,
            static (_, known, added) => added.Version >= known.Version ? added : known,
            listing);
}
