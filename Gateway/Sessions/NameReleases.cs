using System.Collections.Concurrent;
using ChitChatz.Gateway.Connections;
using ChitChatz.Grains.Abstractions;
using Microsoft.Extensions.Logging;

namespace ChitChatz.Gateway.Sessions;

/// <summary>
/// Gives names back. A release that failed is repeated for half a minute, unless its connection took the name again; after that
/// the grain forgets the session when it misses its assertions. When the process ends, so do the repetitions: then the gateway
/// itself is gone from the registry.
/// </summary>
internal sealed class NameReleases(IGrainFactory grains, ThisGateway self, ConnectionRegistry connections, TimeProvider time, ILogger logger)
{
    /// <summary>How many releases are repeated at once. Beyond that the newest is left to the grain's own forgetting.</summary>
    private const int MostOwed = 10_000;

    /// <summary>For how long a lost session of version 2 keeps its name.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan s_attempt = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan[] s_pauses = [.. new[] { 1, 2, 4, 8, 15 }.Select(static seconds => TimeSpan.FromSeconds(seconds))];

    private readonly ConcurrentDictionary<(long Connection, string NameKey), object> _owed = new();

    /// <summary>Whether the connection lives and has the name.</summary>
    public bool IsHeld(ChatConnection connection, string nameKey)
        => connection.Session?.Identity.NameKey == nameKey && connections.Contains(connection);

    /// <summary>Gives a name back. Ends after the first try, whatever became of it.</summary>
    public async Task ReleaseAsync(ChatConnection connection, string nameKey)
    {
        if (!await TryReleaseAsync(connection, nameKey))
        {
            Owe(connection, nameKey, tried: true);
        }
    }

    /// <summary>
    /// Gives back a name whose claim had no answer, and goes on doing so after a success: the claim may still be on its way.
    /// Returns at once.
    /// </summary>
    public void ReleaseUnanswered(ChatConnection connection, string nameKey) => Owe(connection, nameKey, tried: false);

    /// <summary>Gives a name back after <see cref="Grace"/>. Returns at once.</summary>
    public void ReleaseLater(ChatConnection connection, string nameKey) => Owe(connection, nameKey, tried: false, Grace);

    /// <summary>The connection claims the name again: what is owed must not take it away.</summary>
    public void Cancel(ChatConnection connection, string nameKey) => _owed.TryRemove((connection.Number, nameKey), out _);

    private void Owe(ChatConnection connection, string nameKey, bool tried, TimeSpan grace = default)
    {
        if (_owed.Count >= MostOwed)
        {
            return;
        }

        object ticket = new();
        _owed[(connection.Number, nameKey)] = ticket;
        _ = RepeatAsync(connection, nameKey, ticket, tried, grace);
    }

    private async Task RepeatAsync(ChatConnection connection, string nameKey, object ticket, bool tried, TimeSpan grace)
    {
        KeyValuePair<(long, string), object> owed = new((connection.Number, nameKey), ticket);
        if (grace > TimeSpan.Zero)
        {
            await Task.Delay(grace, time);
        }

        if (!tried && IsOwed(connection, owed))
        {
            bool given = await TryReleaseAsync(connection, nameKey);
            if (given && grace > TimeSpan.Zero)
            {
                _owed.TryRemove(owed);
                return;
            }
        }

        foreach (TimeSpan pause in s_pauses)
        {
            await Task.Delay(pause, time);
            if (!IsOwed(connection, owed) || (await TryReleaseAsync(connection, nameKey) && tried))
            {
                break;
            }
        }

        _owed.TryRemove(owed);
    }

    private bool IsOwed(ChatConnection connection, KeyValuePair<(long Connection, string NameKey), object> owed)
        => _owed.TryGetValue(owed.Key, out object? ticket) && ReferenceEquals(ticket, owed.Value) && !IsHeld(connection, owed.Key.NameKey);

    private async Task<bool> TryReleaseAsync(ChatConnection connection, string nameKey)
    {
        try
        {
            await grains.GetGrain<IUserGrain>(nameKey).Release(self.Id, connection.Number).WaitAsync(s_attempt, time);
            return true;
        }
#pragma warning disable CA1031 // A release may be made any number of times: whatever happened to this one, it is made again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            NameKeeperLog.ReleaseFailed(logger, exception);
            return false;
        }
    }
}
