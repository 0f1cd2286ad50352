using ChitChatz.Gateway.Connections;
using ChitChatz.Grains.Abstractions;
using ChitChatz.Protocol;

namespace ChitChatz.Gateway.Rooms;

/// <summary>A connection on its way in.</summary>
/// <param name="Connection">Which.</param>
/// <param name="Member">As the grain is told.</param>
/// <param name="OnlyIfLost">See <see cref="Arrival"/>.</param>
/// <param name="After">The last message that the client has, or null.</param>
/// <param name="QueuedAt">Since when (a timestamp).</param>
internal sealed record PendingArrival(IRoomConnection Connection, Member Member, bool OnlyIfLost, LogPosition? After, long QueuedAt)
{
    private readonly TaskCompletionSource<JoinOutcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether the caller was told already; then it is not in, whatever the grain says later.</summary>
    public bool GivenUp { get; private set; }

    /// <summary>The token for the answer; made outside of the room's lock.</summary>
    public string? Token { get; set; }

    /// <summary>How it ended.</summary>
    public Task<JoinOutcome> Outcome => _outcome.Task;

    /// <summary>Tells the caller.</summary>
    public void Complete(JoinOutcome outcome) => _outcome.TrySetResult(outcome);

    /// <summary>Whether it is in, and only waits for what it missed; then its answer comes with that.</summary>
    public bool IsIn { get; set; }

    /// <summary>Gives up what has no answer and is not in; nothing for the others.</summary>
    public void GiveUpUnlessAnswered()
    {
        if (!IsIn && !_outcome.Task.IsCompleted)
        {
            GiveUp();
        }
    }

    /// <summary>Tells the caller that it took too long.</summary>
    public void GiveUp()
    {
        GivenUp = true;
        Complete(JoinOutcome.Unavailable);
    }
}

/// <summary>A connection that is out already, and of which the grain has to hear.</summary>
/// <param name="Departure">As the grain is told.</param>
internal sealed record PendingDeparture(Departure Departure)
{
    private readonly TaskCompletionSource _told = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the grain knows, and the list of rooms shows it.</summary>
    public Task Told => _told.Task;

    /// <summary>The grain knows.</summary>
    public void Complete() => _told.TrySetResult();
}
