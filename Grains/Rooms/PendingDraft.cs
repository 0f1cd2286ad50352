using ChitChatz.Grains.Abstractions;
using ChitChatz.Storage;

namespace ChitChatz.Grains.Rooms;

/// <summary>A draft that waits for its place in the log, with all who asked for it: a repeat of an id in flight shares its outcome.</summary>
internal sealed class PendingDraft(Draft draft, PostCall call, int index)
{
    private PendingDraft? _repeats;

    public Draft Draft { get; } = draft;

    public MessageKey Key => new(Draft.Sub, Draft.Id);

    /// <summary>True once it has a seq and is in the log's hands.</summary>
    public bool InFlight { get; set; }

    /// <summary>The call that brought it first.</summary>
    public PostCall Call => call;

    public int Bytes => Draft.Text.Length;

    public void Share(Draft repeat, PostCall repeatedIn, int at) =>
        _repeats = new PendingDraft(repeat, repeatedIn, at) { _repeats = _repeats };

    /// <summary>It stands in the log, now (<see cref="PostStatus.Stored"/>) or since earlier (<see cref="PostStatus.Duplicate"/>).</summary>
    public void Stands(PostStatus status, ChatMessage message)
    {
        for (PendingDraft? asked = this; asked is not null; asked = asked._repeats)
        {
            PostStatus own = SameText(asked.Draft, message) ? status : PostStatus.IdConflict;
            asked.Answer(new PostResult(own, message.Seq, message.At));
        }
    }

    /// <summary>It is not known to stand in the log.</summary>
    public void Fails(PostStatus status)
    {
        for (PendingDraft? asked = this; asked is not null; asked = asked._repeats)
            asked.Answer(new PostResult(status, 0, 0));
    }

    public static bool SameText(Draft draft, ChatMessage message) =>
        ReferenceEquals(draft.Text, message.Text) || draft.Text.AsSpan().SequenceEqual(message.Text);

    private void Answer(PostResult result) => call.Set(index, result);
}
