namespace ChitChatz.Grains.Abstractions;

/// <summary>A text on its way to become a message.</summary>
/// <param name="Connection">The sender's connection at the gateway that posts.</param>
/// <param name="Sub">The sender's identity.</param>
/// <param name="Name">The sender's name.</param>
/// <param name="Id">The message's id; see <see cref="ChatMessage.Id"/>.</param>
/// <param name="Text">The text, UTF-8.</param>
[GenerateSerializer, Immutable, Alias("chitchatz.Draft")]
public sealed record Draft(
    [property: Id(0)] long Connection,
    [property: Id(1)] string Sub,
    [property: Id(2)] string Name,
    [property: Id(3)] string Id,
    [property: Id(4)] byte[] Text)
{
    /// <summary>What the ids begin with that gateways give; no client can send it.</summary>
    public const char OwnIdMark = '§';

    /// <summary>Whether an id was given by a client, and not by the gateway for want of one.</summary>
    public static bool IsClientId(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return id.Length > 0 && id[0] != OwnIdMark;
    }
}

/// <summary>Drafts of one gateway for one room, in the order in which they shall stand.</summary>
/// <param name="Gateway">The gateway that posts.</param>
/// <param name="Number">
/// The number of its latest answered membership change; an unknown gateway, or one of which only older changes are known, is asked to
/// introduce itself.
/// </param>
/// <param name="Drafts">1 to 4,096 drafts.</param>
[GenerateSerializer, Immutable, Alias("chitchatz.PostRequest")]
public sealed record PostRequest([property: Id(0)] GatewayId Gateway, [property: Id(1)] long Number, [property: Id(2)] Draft[] Drafts);

/// <summary>What became of one draft.</summary>
[GenerateSerializer]
public enum PostStatus
{
    /// <summary>It is durable, at <see cref="PostResult.Seq"/>.</summary>
    Stored,

    /// <summary>This id was stored before, at <see cref="PostResult.Seq"/>; nothing was stored now.</summary>
    Duplicate,

    /// <summary>This id was stored before with another text; nothing was stored now.</summary>
    IdConflict,

    /// <summary>The connection is not a member of the room. Definite: it was not stored and will not be.</summary>
    NotMember,

    /// <summary>The room has more waiting than it may hold. Not stored; may be retried with the same id.</summary>
    Overloaded,

    /// <summary>The log could not take it in time. It may yet be stored; retry with the same id to know.</summary>
    Unavailable,
}

/// <summary>The outcome of one draft.</summary>
/// <param name="Status">What became of it.</param>
/// <param name="Seq">Its position, for Stored, Duplicate and IdConflict; else 0.</param>
/// <param name="At">When the room took it (Unix ms), likewise.</param>
[GenerateSerializer, Immutable, Alias("chitchatz.PostResult")]
public readonly record struct PostResult([property: Id(0)] PostStatus Status, [property: Id(1)] long Seq, [property: Id(2)] long At);

/// <summary>The answer to a <see cref="PostRequest"/>.</summary>
/// <param name="IntroduceYourself">True when the grain does not know the gateway's members; nothing was looked at, and Results is empty.</param>
/// <param name="Epoch">The room's epoch.</param>
/// <param name="Head">The newest committed seq that the grain knows.</param>
/// <param name="Results">One for each draft, in their order.</param>
[GenerateSerializer, Immutable, Alias("chitchatz.PostAnswer")]
public sealed record PostAnswer(
    [property: Id(0)] bool IntroduceYourself,
    [property: Id(1)] long Epoch,
    [property: Id(2)] long Head,
    [property: Id(3)] PostResult[] Results);
