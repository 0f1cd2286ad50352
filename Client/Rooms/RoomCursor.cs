using ChitChatz.Client.Wire;

namespace ChitChatz.Client.Rooms;

/// <summary>
/// Sees to it that each message of a room's log goes into the buffer once and in order. Whatever is pushed, repeated, skipped or lost, it takes
/// only the next one; when it hears of a later one, or the buffer is full, the log is to be read from <see cref="Position"/> on. Does no I/O;
/// kept under the client's lock.
/// </summary>
internal sealed class RoomCursor(MessageBuffer buffer, ChatPosition? after)
{
    private ChatPosition? _last = after;
    private long _known;
    private ChatGap? _gap;

    /// <summary>The place of the last message in the buffer, or where the room stood when it was entered; null before that.</summary>
    public ChatPosition? Position => _last;

    /// <summary>Whether messages have to be read from the log.</summary>
    public bool IsBehind { get; private set; }

    /// <summary>The control of the tests of resuming.</summary>
    public void Forget() => _last = null;

    /// <summary>A join was answered.</summary>
    public void Joined(JoinAnswer answer)
    {
        if (_last is not { } last)
        {
            (_last, _known, IsBehind) = (new ChatPosition(answer.Epoch, answer.Head), answer.Head, false);
            return;
        }

        if (answer.Epoch != last.Epoch)
            Replace(answer.Epoch, 0);
        else if (answer.Head < last.Seq)
            Replace(answer.Epoch, answer.Head);
        _known = answer.Head;
        IsBehind = !answer.Recovered && _known > _last.Value.Seq;
    }

    /// <summary>A message was pushed. True when it went into the buffer.</summary>
    public bool Pushed(ChatMessage message)
    {
        var (epoch, seq) = message.Position;
        if (_last is not { } last || epoch < last.Epoch)
            return false;
        if (epoch > last.Epoch)
            Replace(epoch, 0);
        if (seq <= _last.Value.Seq)
            return false;
        _known = Math.Max(_known, seq);
        if (seq == _last.Value.Seq + 1 && TryTake(message))
        {
            // What was missed may come pushed after all, while the log is being read.
            IsBehind &= _known > seq;
            return true;
        }

        IsBehind = true;
        return false;
    }

    /// <summary>The server left out messages up to here.</summary>
    public void Skipped(long to)
    {
        _known = Math.Max(_known, to);
        IsBehind |= _last is { } last && _known > last.Seq;
    }

    /// <summary>A page of the log was read upwards from a position. Gives how many of its messages went into the buffer.</summary>
    public int Read(ChatHistory page)
    {
        if (_last is not { } last || page.Epoch < last.Epoch)
            return 0;
        if (page.Epoch > last.Epoch)
            Replace(page.Epoch, 0);
        var taken = 0;
        foreach (var message in page.Messages)
        {
            var seq = message.Position.Seq;
            if (seq <= _last.Value.Seq)
                continue;
            // The log begins with the first message that can still be read.
            if (seq > _last.Value.Seq + 1)
                _gap ??= new ChatGap(ChatGapReason.Expired, _last.Value);
            if (!TryTake(message))
                break;
            taken++;
        }

        _known = Math.Max(_known, page.Messages.Count > 0 ? page.Messages[^1].Position.Seq : 0);
        IsBehind = page.HasMore || _known > _last.Value.Seq;
        return taken;
    }

    /// <summary>The log has been asked again and again and has nothing of what is missing: it can be read no more.</summary>
    public void GiveUpMissing()
    {
        if (_last is not { } last || _known <= last.Seq)
            return;
        _gap ??= new ChatGap(ChatGapReason.Expired, last);
        (_last, IsBehind) = (last with { Seq = _known }, false);
    }

    private bool TryTake(ChatMessage message)
    {
        if (!buffer.TryAdd(_gap is null ? message : message with { Gap = _gap }))
            return false;
        (_last, _gap) = (message.Position, null);
        return true;
    }

    private void Replace(long epoch, long seq)
    {
        // The first reason counts: it names the place that the reader knows.
        if (_gap?.Reason != ChatGapReason.LogReplaced)
            _gap = new ChatGap(ChatGapReason.LogReplaced, _gap?.After ?? _last!.Value);
        (_last, _known) = (new ChatPosition(epoch, seq), seq);
    }
}
