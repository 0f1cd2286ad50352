using System.Diagnostics;

namespace ChitChatz.Storage;

/// <summary>
/// The log's part of a message's trace: the commit. It stores the appends of many rooms, and is the child of the first of them that is
/// sampled, with links to the others. While nobody listens there is no activity.
/// </summary>
internal static class StorageTracing
{
    /// <summary>The source's name.</summary>
    public const string SourceName = "ChitChatz.Storage";

    private static readonly ActivitySource s_source = new(SourceName);

    public static Activity? StartCommit(List<PendingAppend> group)
    {
        if (!s_source.HasListeners())
            return null;

        Activity? parent = null;
        List<ActivityLink>? links = null;
        foreach (PendingAppend append in group)
        {
            if (append.Trace is not { } trace)
                continue;

            if (parent is null)
                parent = trace;
            else
                (links ??= []).Add(new ActivityLink(trace.Context));
        }

        if (parent is null)
            return null;

        Activity? commit = s_source.StartActivity("commit", ActivityKind.Internal, parent.Context, tags: null, links);
        commit?.SetTag("chitchatz.commit.rooms", group.Count);
        return commit;
    }
}
