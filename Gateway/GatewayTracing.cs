using System.Diagnostics;
using ChitChatz.Gateway.Rooms;
using Orleans.Runtime;

namespace ChitChatz.Gateway;

/// <summary>
/// The gateway's part of a message's trace: its frame, the Post that takes it along, the fan-out of its push, the first writes. Spans tell
/// counts, never names, texts or tokens. While nobody listens there is no activity, and each of these costs a comparison.
/// </summary>
/// <remarks>
/// A Post carries the drafts of many senders, and is the child of the first of them that is sampled; it links to the others, and they to
/// it. So with the few samples of a busy service each has its whole way in one trace; a span has one parent, and copies of the Post in
/// every trace would tell of work that was done once.
/// </remarks>
internal static class GatewayTracing
{
    /// <summary>The source's name.</summary>
    public const string SourceName = "ChitChatz.Gateway";

    /// <summary>How many senders a Post links to at most; OpenTelemetry keeps as many.</summary>
    private const int MostLinks = 128;

    // What Orleans reads the caller's context from.
    private const string TraceParent = "traceparent";

    private static readonly ActivitySource s_source = new(SourceName);

    /// <summary>A client's message begins its way: a trace of its own, ended by whoever has the draft's outcome.</summary>
    public static Activity? StartMessage()
    {
        if (!s_source.HasListeners())
        {
            return null;
        }

        // Not the child of the WebSocket's request, which lasts as long as the connection.
        Activity.Current = null;
        Activity? message = s_source.StartActivity("message", ActivityKind.Server);
        Activity.Current = null;
        return message;
    }

    /// <summary>An attempt to post a batch. Becomes the current activity of the caller, which ends it.</summary>
    public static Activity? StartPost(List<WaitingDraft> batch)
    {
        if (!s_source.HasListeners())
        {
            return null;
        }

        Activity? parent = null;
        List<ActivityLink>? links = null;
        foreach (WaitingDraft waiting in batch)
        {
            if (waiting.Trace is not { Recorded: true } trace)
            {
                continue;
            }

            if (parent is null)
            {
                parent = trace;
            }
            else if ((links ??= []).Count < MostLinks)
            {
                links.Add(new ActivityLink(trace.Context));
            }
        }

        if (parent is null)
        {
            DoNotSample(batch);
            return null;
        }

        Activity? post = s_source.StartActivity("post", ActivityKind.Internal, parent.Context, tags: null, links);
        if (post is not null)
        {
            post.SetTag("chitchatz.batch.messages", batch.Count);
            foreach (WaitingDraft waiting in batch)
            {
                if (waiting.Trace is { Recorded: true } trace && trace != parent)
                {
                    trace.AddLink(new ActivityLink(post.Context));
                }
            }
        }

        return post;
    }

    /// <summary>A push of a sampled batch reached this gateway.</summary>
    /// <param name="origin">The push's context, as the item carries it; null when it was not sampled.</param>
    /// <param name="messages">How many messages it brought.</param>
    public static Activity? StartFanOut(string? origin, int messages)
    {
        if (origin is null || !s_source.HasListeners() || !ActivityContext.TryParse(origin, traceState: null, isRemote: true, out ActivityContext parent))
        {
            return null;
        }

        Activity? fanOut = s_source.StartActivity("fan out", ActivityKind.Consumer, parent);
        fanOut?.SetTag("chitchatz.batch.messages", messages);
        return fanOut;
    }

    /// <summary>A write to a client's socket that has a sampled message in it.</summary>
    public static Activity? StartWrite(ActivityContext fanOut, int bytes)
    {
        Activity? write = s_source.StartActivity("write", ActivityKind.Producer, fanOut);
        write?.SetTag("chitchatz.write.size", bytes);
        return write;
    }

    /// <summary>
    /// None of the batch is sampled, and so the Post is not: without a word of it the silo would toss its own coin, and begin traces
    /// in the middle.
    /// </summary>
    private static void DoNotSample(List<WaitingDraft> batch)
    {
        if (batch.Count > 0 && batch[0].Trace is { } unsampled)
        {
            Activity.Current = unsampled;
            RequestContext.Set(TraceParent, unsampled.Id!);
        }
    }
}
