using ChitChatz.Gateway.Connections;
using ChitChatz.Grains.Abstractions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ChitChatz.Gateway.Sessions;

/// <summary>How a claim to a name ended.</summary>
internal enum ClaimOutcome
{
    /// <summary>The session has the name.</summary>
    Granted,

    /// <summary>A live session of somebody else has it.</summary>
    Taken,

    /// <summary>No answer came in time.</summary>
    Unavailable,
}

/// <summary>Claims names for sessions, and asserts the claims again every five minutes and soon after the cluster changed.</summary>
internal sealed class NameKeeper(IGrainFactory grains, ThisGateway self, ConnectionRegistry connections, TimeProvider time, ILogger<NameKeeper> logger)
    : BackgroundService
{
    /// <summary>How long a claim is tried.</summary>
    private static readonly TimeSpan s_budget = TimeSpan.FromSeconds(6);

    /// <summary>
    /// How long to wait before the same claim is made once more beside the first, doubled each time: a call to a silo that is just dying is
    /// lost, and a fresh grain may hold its answer for three seconds.
    /// </summary>
    private static readonly TimeSpan s_hedgeAfter = TimeSpan.FromMilliseconds(500);

    /// <summary>For how long after it a claim may still come: a call's time-out, and what a fresh grain holds it.</summary>
    private static readonly TimeSpan s_late = TimeSpan.FromSeconds(15);

    /// <summary>How long an assertion may take.</summary>
    private static readonly TimeSpan s_attempt = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_tick = TimeSpan.FromSeconds(5);

    /// <summary>How many assertions are under way at once.</summary>
    private const int Parallel = 32;

    private readonly Signal _now = new(time);
    private readonly NameReleases _releases = new(grains, self, connections, time, logger);
    private volatile bool _assertAll;

    /// <summary>Asserts all names at once: their grains may have moved.</summary>
    public void AssertAll()
    {
        _assertAll = true;
        _now.Set();
    }

    /// <summary>Claims the name of a session that starts.</summary>
    public async Task<ClaimOutcome> ClaimAsync(ChatConnection connection, Session session, bool proven)
    {
        _releases.Cancel(connection, session.Identity.NameKey);
        long started = time.GetTimestamp();
        HedgedCall<ClaimStatus> attempts = new(time);
        TimeSpan patience = s_hedgeAfter;
        while (true)
        {
            try
            {
                TimeSpan left = s_budget - time.GetElapsedTime(started);
                ClaimStatus status = await attempts.AttemptAsync(
                    CallAsync(connection, session, proven), TimeSpan.FromTicks(Math.Clamp(left.Ticks, 0, patience.Ticks)), CancellationToken.None);
                session.AssertedAt = time.GetTimestamp();
                if (status == ClaimStatus.Granted)
                {
                    session.LateClaimsSince = attempts.LeavesAttempts ? session.AssertedAt : null;
                    return ClaimOutcome.Granted;
                }

                if (attempts.LeavesAttempts)
                {
                    // Whoever has the name may give it back before the last of them comes.
                    _releases.ReleaseUnanswered(connection, session.Identity.NameKey);
                }

                return ClaimOutcome.Taken;
            }
#pragma warning disable CA1031 // Whatever happened to the call, the same claim may be made again.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                NameKeeperLog.ClaimFailed(logger, exception);
                if (time.GetElapsedTime(started) >= s_budget)
                {
                    // Only the answers may have been lost: then the grain holds the name for a session that nobody has.
                    _releases.ReleaseUnanswered(connection, session.Identity.NameKey);
                    return ClaimOutcome.Unavailable;
                }

                // Out of patience, the next attempt is due; refused, it would meet the same.
                if (exception is TimeoutException)
                {
                    patience *= 2;
                }
                else
                {
                    await Task.Delay(s_pause, time);
                }
            }
        }
    }

    /// <summary>Gives a session's name back. Waits for the first try only; one that fails is repeated without the caller.</summary>
    public async Task ReleaseAsync(ChatConnection connection, Session session)
    {
        await _releases.ReleaseAsync(connection, session.Identity.NameKey);
        if (session.LateClaimsSince is { } since && time.GetElapsedTime(since) < s_late)
        {
            _releases.ReleaseUnanswered(connection, session.Identity.NameKey);
        }
    }

    /// <summary>Gives a lost session's name back after <see cref="NameReleases.Grace"/>, unless its connection took it again. Returns at once.</summary>
    public void ReleaseLater(ChatConnection connection, Session session) => _releases.ReleaseLater(connection, session.Identity.NameKey);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await _now.WaitAsync(s_tick, stoppingToken);
            bool all = _assertAll;
            _assertAll = false;
            ParallelOptions options = new() { MaxDegreeOfParallelism = Parallel, CancellationToken = stoppingToken };
            await System.Threading.Tasks.Parallel.ForEachAsync(
                connections.All.Where(connection => IsDue(connection, all)),
                options,
                async (connection, stopping) => await AssertAsync(connection).WaitAsync(stopping));
        }
    }

    private bool IsDue(ChatConnection connection, bool all)
        => connection.Session is { } session && (all || time.GetElapsedTime(session.AssertedAt) >= LeaseTimes.NameRenewal);

    /// <summary>Asserts one connection's claim.</summary>
    internal async Task AssertAsync(ChatConnection connection)
    {
        if (connection.Session is not { } session)
        {
            return;
        }

        try
        {
            ClaimStatus status = await CallAsync(connection, session, proven: true).WaitAsync(s_attempt, time);
            session.AssertedAt = time.GetTimestamp();
            if (!_releases.IsHeld(connection, session.Identity.NameKey))
            {
                // It ended, or took another name, while this was under way; the release may have come before the assertion.
                await ReleaseAsync(connection, session);
            }
            else if (status == ClaimStatus.Taken && ReferenceEquals(connection.Session, session))
            {
                connection.OnNameLost();
            }
        }
#pragma warning disable CA1031 // The next tick asserts it again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            NameKeeperLog.ClaimFailed(logger, exception);
        }
    }

    private Task<ClaimStatus> CallAsync(ChatConnection connection, Session session, bool proven)
        => grains.GetGrain<IUserGrain>(session.Identity.NameKey)
            .Claim(new NameClaim(self.Id, connection.Number, session.Identity.Sub, session.ClaimedAt, proven));
}
