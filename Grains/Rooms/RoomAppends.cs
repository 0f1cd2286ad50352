using System.Diagnostics;
using System.Runtime.InteropServices;
using ChitChatz.Grains.Abstractions;
using ChitChatz.Storage;

namespace ChitChatz.Grains.Rooms;

/// <summary>
/// The sequence of a room and what is on its way into it: at most one batch in flight, the next drafts behind it.
/// A seq is given when a batch is taken for the log, so that a failed draft leaves no hole.
/// The order of drafts is kept through every failure: when one fails, so do all behind it.
/// </summary>
internal sealed class RoomAppends(RoomLimits limits)
{
    private readonly Dictionary<MessageKey, PendingDraft> _byKey = [];
    private readonly Queue<PendingDraft> _waiting = [];
    private readonly List<PendingDraft> _batch = [];
    private ChatMessage[] _messages = [];
    private int _waitingBytes;

    /// <summary>The epoch that this activation believes in.</summary>
    public long Epoch { get; private set; }

    /// <summary>The newest seq that is known to be committed.</summary>
    public long Head { get; private set; }

    /// <summary>How many messages above the head are in the log's hands.</summary>
    public int InFlight { get; private set; }

    public int Waiting => _waiting.Count;

    /// <summary>The sampled calls whose drafts are in the batch, each once; null when there are none.</summary>
    public List<Activity>? Traces()
    {
        List<Activity>? traces = null;
        Activity? last = null;
        foreach (PendingDraft pending in _batch)
        {
            // Drafts of one call stand together.
            if (pending.Call.Trace is { } trace && trace != last)
                (traces ??= []).Add(last = trace);
        }

        return traces;
    }

    /// <summary>Starts from where the log stands.</summary>
    public void Open(RoomHead head) => (Epoch, Head) = (head.Epoch, head.Head);

    /// <summary>Takes a draft, or shares the outcome of the one in flight under its id.</summary>
    public TakeOutcome Take(Draft draft, bool mayStore, PostCall call, int index)
    {
        MessageKey key = new(draft.Sub, draft.Id);
        if (!mayStore || _waiting.Count >= limits.WaitingDrafts || _waitingBytes + draft.Text.Length > limits.WaitingBytes)
        {
            if (!_byKey.TryGetValue(key, out PendingDraft? inFlight))
                return mayStore ? TakeOutcome.Full : TakeOutcome.NotAllowed;

            inFlight.Share(draft, call, index);
            return TakeOutcome.Shared;
        }

        ref PendingDraft? pending = ref CollectionsMarshal.GetValueRefOrAddDefault(_byKey, key, out bool known);
        if (known)
        {
            pending!.Share(draft, call, index);
            return TakeOutcome.Shared;
        }

        pending = new PendingDraft(draft, call, index);
        _waiting.Enqueue(pending);
        _waitingBytes += pending.Bytes;
        return TakeOutcome.Taken;
    }

    /// <summary>Gives the next drafts their seqs and takes them for the log; empty when nothing waits or a batch is in flight.</summary>
    public ChatMessage[] NextBatch(long at)
    {
        if (_batch.Count > 0)
            return [];

        int bytes = 0;
        while (_batch.Count < limits.BatchMessages && _waiting.TryPeek(out PendingDraft? next)
            && (_batch.Count == 0 || bytes + next.Bytes <= limits.BatchBytes))
        {
            _waiting.Dequeue();
            next.InFlight = true;
            _batch.Add(next);
            bytes += next.Bytes;
        }

        _waitingBytes -= bytes;
        return Number(at);
    }

    /// <summary>
    /// The log took nothing, since some ids stand in it: answers those, renumbers the rest and takes it again. Empty when nothing is left.
    /// False when none of the found messages belongs to the batch, which no sound log says.
    /// </summary>
    public bool TryDropDuplicates(IReadOnlyList<ChatMessage> found, out ChatMessage[] rest)
    {
        int dropped = 0;
        foreach (ChatMessage message in found)
        {
            MessageKey key = new(message.Sub, message.Id);
            if (!_byKey.TryGetValue(key, out PendingDraft? pending) || !pending.InFlight)
                continue;

            _byKey.Remove(key);
            pending.InFlight = false;
            pending.Stands(PostStatus.Duplicate, message);
            dropped++;
        }

        _batch.RemoveAll(static pending => !pending.InFlight);
        rest = dropped == 0 ? [] : Number(_messages[0].At);
        return dropped > 0;
    }

    /// <summary>The batch is durable: moves the head. The posts are answered by <see cref="Answer"/>, after the push.</summary>
    public void Commit()
    {
        Head += InFlight;
        InFlight = 0;
    }

    /// <summary>Answers the posts of the committed batch.</summary>
    public void Answer()
    {
        for (int i = 0; i < _batch.Count; i++)
        {
            _byKey.Remove(_batch[i].Key);
            _batch[i].Stands(PostStatus.Stored, _messages[i]);
        }

        Clear();
    }

    /// <summary>The batch is not in the log as far as is known; what waits behind it fails too, or the order of a sender's drafts would break.</summary>
    public void Fail()
    {
        foreach (PendingDraft pending in _batch)
        {
            _byKey.Remove(pending.Key);
            pending.Fails(PostStatus.Unavailable);
        }

        Clear();
        FailWaiting();
    }

    /// <summary>Nothing more is taken for the log; the batch in flight keeps its own outcome.</summary>
    public void FailWaiting()
    {
        while (_waiting.TryDequeue(out PendingDraft? pending))
        {
            _byKey.Remove(pending.Key);
            pending.Fails(PostStatus.Unavailable);
        }

        _waitingBytes = 0;
    }

    private ChatMessage[] Number(long at)
    {
        InFlight = _batch.Count;
        if (_batch.Count == 0)
            return _messages = [];

        _messages = new ChatMessage[_batch.Count];
        for (int i = 0; i < _messages.Length; i++)
        {
            Draft draft = _batch[i].Draft;
            _messages[i] = new ChatMessage(Head + 1 + i, draft.Sub, draft.Name, draft.Id, draft.Text, at);
        }

        return _messages;
    }

    private void Clear()
    {
        _batch.Clear();
        _messages = [];
        InFlight = 0;
    }
}
