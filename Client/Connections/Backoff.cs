namespace ChitChatz.Client.Connections;

/// <summary>How long to wait before the next attempt: doubled by each failure up to a limit, and of that a random part, half to all.</summary>
internal sealed class Backoff(TimeSpan first, TimeSpan longest, Random random)
{
    // A server that refuses for now is there: those who wait for it need not wait as for one that is away.
    private static readonly TimeSpan s_longestOfRefusals = TimeSpan.FromSeconds(5);

    private int _failures;

    /// <summary>For what a server refuses on a connection that lives.</summary>
    public static Backoff OfRefusals(ChatClientOptions options) =>
        new(options.ReconnectDelay, options.MaxReconnectDelay < s_longestOfRefusals ? options.MaxReconnectDelay : s_longestOfRefusals, options.Random);

    /// <summary>It worked: begin anew.</summary>
    public void Reset() => _failures = 0;

    /// <summary>The next pause.</summary>
    /// <param name="atLeast">What the server asked for. Up to a quarter is added, so that not all come back at once who were refused at once.</param>
    public TimeSpan Next(TimeSpan? atLeast = null)
    {
        // 2^40 of the shortest first pause is above any limit.
        var pause = Math.Min(longest.TotalMilliseconds, first.TotalMilliseconds * Math.Pow(2, Math.Min(_failures++, 40)));
        pause *= 0.5 + (random.NextDouble() / 2);
        var asked = (atLeast?.TotalMilliseconds ?? 0) * (1 + (random.NextDouble() / 4));
        return TimeSpan.FromMilliseconds(Math.Max(pause, asked));
    }
}
