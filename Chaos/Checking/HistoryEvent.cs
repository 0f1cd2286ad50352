using System.Text.Json.Serialization;

namespace ChitChatz.Chaos.Checking;

/// <summary>What happened. Names are those of GUARANTEES.</summary>
public enum EventKind
{
    /// <summary>A client sends a message; repeats of one id are events of their own.</summary>
    Send,

    /// <summary>It was acknowledged.</summary>
    Ok,

    /// <summary>It was refused for good.</summary>
    Fail,

    /// <summary>Nothing is known of it: a time-out, a cut, or a refusal that may be retried.</summary>
    Info,

    /// <summary>A connection received a message.</summary>
    Receive,

    /// <summary>A join was answered.</summary>
    Join,

    /// <summary>A leave was answered.</summary>
    Leave,

    /// <summary>A connection was told that it missed messages.</summary>
    Gap,

    /// <summary>A connection is over, whoever ended it.</summary>
    Close,

    /// <summary>Something was broken on purpose.</summary>
    Fault,

    /// <summary>A row of the final log, as read from the store or through the API.</summary>
    Stored,
}

/// <summary>One line of a history. Which fields are set depends on the kind. One clock for all.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="At">When, in microseconds of the one monotonic clock.</param>
public sealed record HistoryEvent(EventKind Kind, long At)
{
    /// <summary>The connection: unique over the whole run.</summary>
    public int Connection { get; init; }

    /// <summary>The sender's or holder's <c>sub</c>.</summary>
    public string? User { get; init; }

    public string? Room { get; init; }

    /// <summary>The message's id.</summary>
    public string? Id { get; init; }

    /// <summary>A hash of the text.</summary>
    public string? Hash { get; init; }

    public long Epoch { get; init; }

    /// <summary>The message's place; Gap: the first that was missed.</summary>
    public long Seq { get; init; }

    /// <summary>Gap: the last that was missed.</summary>
    public long To { get; init; }

    /// <summary>Join: when it was asked for.</summary>
    public long Since { get; init; }

    /// <summary>Join: the head in the answer.</summary>
    public long Head { get; init; }

    /// <summary>Join: the position that was named; -1 for none.</summary>
    public long After { get; init; } = -1;

    /// <summary>Join: whether everything from there on follows.</summary>
    public bool Recovered { get; init; }

    /// <summary>Fail: the error's code. Fault: what was done, and to whom.</summary>
    public string? Code { get; init; }

    /// <summary>Which message this is about.</summary>
    [JsonIgnore]
    public MessageName Name => new(Room!, User!, Id!);
}

/// <summary>Names a message whatever its place: an id is unique for its sender in a room.</summary>
public readonly record struct MessageName(string Room, string User, string Id);
