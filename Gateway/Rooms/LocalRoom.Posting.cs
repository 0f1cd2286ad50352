using ChitChatz.Gateway.Connections;
using ChitChatz.Grains.Abstractions;

namespace ChitChatz.Gateway.Rooms;

internal sealed partial class LocalRoom
{
    /// <summary>What may wait here; beyond that drafts are refused as overloaded.</summary>
    private const int WaitingDrafts = 8_192;
    private const int WaitingBytes = 8 * 1024 * 1024;

    /// <summary>What one Post may carry.</summary>
    private const int PostDrafts = 1_024;
    private const int PostBytes = 1024 * 1024;

    /// <summary>How long one attempt may take before the same drafts are sent again: a call to a silo that died is not broken by its death.</summary>
    private static readonly TimeSpan s_attempt = TimeSpan.FromMilliseconds(750);

    /// <summary>How long drafts are tried before their senders are told.</summary>
    private static readonly TimeSpan s_budget = TimeSpan.FromSeconds(8);

    private readonly Queue<(IRoomConnection Sender, Draft Draft)> _waiting = new();
    private int _waitingBytes;
    private bool _posting;

    /// <summary>Takes a draft; its sender is told by <see cref="IRoomConnection.OnDraftDone"/>. False when too much is waiting.</summary>
    public bool TryPost(IRoomConnection sender, Draft draft)
    {
        lock (_gate)
        {
            if (_waiting.Count >= WaitingDrafts || _waitingBytes + draft.Text.Length > WaitingBytes)
            {
                return false;
            }

            _waiting.Enqueue((sender, draft));
            _waitingBytes += draft.Text.Length;
            if (!_posting)
            {
                _posting = true;
                _ = PostWaitingAsync();
            }

            return true;
        }
    }

    /// <summary>Posts what waits, batch after batch, until nothing waits.</summary>
    private async Task PostWaitingAsync()
    {
        // Off the caller's path: what arrives in the same burst of frames goes into the first batch already.
        await Task.Yield();
        while (true)
        {
            List<(IRoomConnection Sender, Draft Draft)> batch;
            lock (_gate)
            {
                if (_waiting.Count == 0)
                {
                    _posting = false;
                    RetireIfUnused();
                    return;
                }

                batch = TakeWaiting();
            }

            try
            {
                await PostAsync(batch);
            }
#pragma warning disable CA1031 // A bug met with one batch must not silence the room; whoever has no outcome yet is told to try again.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                LocalRoomLog.PostBroke(_logger, batch.Count, exception);
                Refuse(batch);
            }
        }
    }

    private static void Refuse(List<(IRoomConnection Sender, Draft Draft)> batch)
    {
        foreach ((IRoomConnection sender, Draft draft) in batch)
        {
            sender.OnDraftDone(draft, new DraftResult(DraftOutcome.Unavailable));
        }

        batch.Clear();
    }

    private List<(IRoomConnection Sender, Draft Draft)> TakeWaiting()
    {
        List<(IRoomConnection Sender, Draft Draft)> batch = new(Math.Min(_waiting.Count, PostDrafts));
        int bytes = 0;
        while (batch.Count < PostDrafts && _waiting.TryPeek(out (IRoomConnection Sender, Draft Draft) next)
            && (batch.Count == 0 || bytes + next.Draft.Text.Length <= PostBytes))
        {
            bytes += next.Draft.Text.Length;
            batch.Add(_waiting.Dequeue());
        }

        _waitingBytes -= bytes;
        return batch;
    }

    /// <summary>Posts a batch until each draft has its outcome; attempts after the first bear the same ids.</summary>
    private async Task PostAsync(List<(IRoomConnection Sender, Draft Draft)> batch)
    {
        long started = _time.GetTimestamp();
        TimeSpan pause = TimeSpan.FromMilliseconds(20);
        while (true)
        {
            PostAnswer? answer = await AttemptPostAsync(batch);
            bool introduce = answer is { IntroduceYourself: true };
            if (answer is { IntroduceYourself: false })
            {
                introduce = Settle(batch, answer);
                if (batch.Count == 0)
                {
                    return;
                }
            }

            if (_time.GetElapsedTime(started) >= s_budget)
            {
                Refuse(batch);
                return;
            }

            if (introduce)
            {
                await Task.WhenAny(IntroduceAsync(), Task.Delay(s_attempt, _time));
            }

            await Task.Delay(pause, _time);
            pause = TimeSpan.FromMilliseconds(Math.Min(500, pause.TotalMilliseconds * 2));
        }
    }

    private async Task<PostAnswer?> AttemptPostAsync(List<(IRoomConnection Sender, Draft Draft)> batch)
    {
        Draft[] drafts = new Draft[batch.Count];
        for (int i = 0; i < drafts.Length; i++)
        {
            drafts[i] = batch[i].Draft;
        }

        try
        {
            _instruments.Posting(drafts.Length);
            return await _grain.Post(new PostRequest(_gateway, Volatile.Read(ref _number), drafts)).WaitAsync(s_attempt, _time, _rooms.Calls);
        }
#pragma warning disable CA1031 // Whatever happened to the call, its outcome is unknown: the same ids again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LocalRoomLog.PostFailed(_logger, drafts.Length, exception);
            return null;
        }
    }

    /// <summary>
    /// Tells the senders whose drafts are done, and leaves in the batch those that are not. True when the grain does not know a
    /// sender who is in the room here: it has to be told.
    /// </summary>
    private bool Settle(List<(IRoomConnection Sender, Draft Draft)> batch, PostAnswer answer)
    {
        int left = 0;
        bool unknown = false;
        for (int i = 0; i < batch.Count; i++)
        {
            DraftOutcome outcome = answer.Results[i].Status switch
            {
                PostStatus.Stored or PostStatus.Duplicate => DraftOutcome.Stored,
                PostStatus.IdConflict => DraftOutcome.IdConflict,
                PostStatus.NotMember => DraftOutcome.NotMember,
                PostStatus.Overloaded => DraftOutcome.Overloaded,
                _ => DraftOutcome.Unavailable,
            };
            bool member = outcome == DraftOutcome.NotMember && IsMember(batch[i].Sender);
            if (outcome == DraftOutcome.Unavailable || member)
            {
                unknown |= member;
                batch[left++] = batch[i];
            }
            else
            {
                PostResult result = answer.Results[i];
                batch[i].Sender.OnDraftDone(batch[i].Draft, new DraftResult(outcome, answer.Epoch, result.Seq, result.At, result.Status == PostStatus.Duplicate));
            }
        }

        batch.RemoveRange(left, batch.Count - left);
        lock (_gate)
        {
            if (answer.Epoch == _epoch)
            {
                LearnHead(answer.Head);
            }
        }

        return unknown;
    }

    private bool IsMember(IRoomConnection connection)
    {
        lock (_gate)
        {
            return _members.ContainsKey(connection.Number);
        }
    }
}
