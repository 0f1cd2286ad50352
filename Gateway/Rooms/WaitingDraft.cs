using System.Diagnostics;
using ChitChatz.Grains.Abstractions;

namespace ChitChatz.Gateway.Rooms;

/// <summary>A draft that waits for its outcome.</summary>
/// <param name="Sender">Who is told of it.</param>
/// <param name="Draft">The draft.</param>
/// <param name="Trace">The span of the frame that brought it; null when nobody traces.</param>
internal readonly record struct WaitingDraft(IRoomConnection Sender, Draft Draft, Activity? Trace)
{
    /// <summary>Tells the sender, and ends the span.</summary>
    public void Done(in DraftResult result)
    {
        Sender.OnDraftDone(Draft, result);
        if (Trace is not null)
        {
            End(Trace, result);
        }
    }

    private static void End(Activity trace, in DraftResult result)
    {
        trace.SetTag("chitchatz.outcome", result.Outcome switch
        {
            DraftOutcome.Stored => "stored",
            DraftOutcome.NotMember => "not_member",
            DraftOutcome.IdConflict => "id_conflict",
            DraftOutcome.Overloaded => "overloaded",
            _ => "unavailable",
        });
        if (result.Outcome is DraftOutcome.Overloaded or DraftOutcome.Unavailable)
        {
            trace.SetStatus(ActivityStatusCode.Error);
        }

        // To stop is to make the one before it current, and here is whoever has the outcome.
        Activity? current = Activity.Current;
        trace.Stop();
        Activity.Current = current;
    }
}
