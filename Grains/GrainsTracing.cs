using System.Diagnostics;

namespace ChitChatz.Grains;

/// <summary>
/// A room's part of a message's trace: the append, from the room's batch to its outcome, and the push. Spans tell counts, never names or
/// texts. While nobody listens there is no activity.
/// </summary>
internal static class GrainsTracing
{
    /// <summary>The source's name.</summary>
    public const string SourceName = "ChitChatz.Grains";

    private static readonly ActivitySource s_source = new(SourceName);

    /// <summary>The call under way, if it is sampled: what its drafts lead to belongs into its trace.</summary>
    public static Activity? Caller => Activity.Current is { Recorded: true } call ? call : null;

    /// <summary>The append of a batch, the child of the first call in it that is sampled, with links to the others.</summary>
    /// <param name="callers">The sampled calls whose drafts are in the batch, each once; null when there are none.</param>
    /// <param name="messages">How many messages the batch has.</param>
    public static Activity? StartAppend(List<Activity>? callers, int messages)
    {
        // The loop that appends was started by a call that may be long over.
        Activity.Current = null;
        if (callers is null)
            return null;

        Activity? append = s_source.StartActivity(
            "append", ActivityKind.Internal, callers[0].Context, tags: null, callers.Skip(1).Select(static caller => new ActivityLink(caller.Context)));
        append?.SetTag("chitchatz.batch.messages", messages);
        return append;
    }

    /// <summary>The push of a batch to the gateways; a child of its append.</summary>
    public static Activity? StartPush() =>
        Activity.Current is { Recorded: true } ? s_source.StartActivity("push", ActivityKind.Producer) : null;
}
