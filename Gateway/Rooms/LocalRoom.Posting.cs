using System.Diagnostics;
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

    /// <summary>How long drafts are tried before their senders are told.</summary>
    private static readonly TimeSpan s_budget = TimeSpan.FromSeconds(8);

    private readonly Queue<WaitingDraft> _waiting = new();
    private int _waitingBytes;
    private bool _posting;

    /// <summary>Takes a draft; its sender is told by <see cref="IRoomConnection.OnDraftDone"/>. False when too much is waiting.</summary>
    public bool TryPost(IRoomConnection sender, Draft draft) => TryPost(new WaitingDraft(sender, draft, Trace: null));

    /// <inheritdoc cref="TryPost(IRoomConnection, Draft)"/>
    public bool TryPost(in WaitingDraft waiting)
    {
        lock (_gate)
        {
            if (_waiting.Count >= WaitingDrafts || _waitingBytes + waiting.Draft.Text.Length > WaitingBytes)
            {
                return false;
            }

            _waiting.Enqueue(waiting);
            _waitingBytes += waiting.Draft.Text.Length;
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
        // The loop outlives the frame that started it.
        Activity.Current = null;
        while (true)
        {
            List<WaitingDraft> batch;
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

    private static void Refuse(List<WaitingDraft> batch)
    {
        foreach (WaitingDraft waiting in batch)
        {
            waiting.Done(new DraftResult(DraftOutcome.Unavailable));
        }

        batch.Clear();
    }

    private List<WaitingDraft> TakeWaiting()
    {
        List<WaitingDraft> batch = new(Math.Min(_waiting.Count, PostDrafts));
        int bytes = 0;
        while (batch.Count < PostDrafts && _waiting.TryPeek(out WaitingDraft next)
            && (batch.Count == 0 || bytes + next.Draft.Text.Length <= PostBytes))
        {
            bytes += next.Draft.Text.Length;
            batch.Add(_waiting.Dequeue());
        }

        _waitingBytes -= bytes;
        return batch;
    }

    /// <summary>Posts a batch until each draft has its outcome; attempts after the first bear the same ids.</summary>
    private async Task PostAsync(List<WaitingDraft> batch)
    {
        long started = _time.GetTimestamp();
        TimeSpan pause = TimeSpan.FromMilliseconds(20);
        HedgedCall<PostAnswer> call = new(_time);
        while (true)
        {
            PostAnswer? answer = await AttemptPostAsync(batch, call);
            bool introduce = answer is { IntroduceYourself: true };
            if (answer is { IntroduceYourself: false })
            {
                int asked = batch.Count;
                introduce = Settle(batch, answer);
                if (batch.Count == 0)
                {
                    return;
                }

                if (batch.Count < asked)
                {
                    call.Forget();
                }
            }

            if (_time.GetElapsedTime(started) >= s_budget)
            {
                Refuse(batch);
                return;
            }

            if (introduce)
            {
                await Task.WhenAny(IntroduceAsync(), Task.Delay(LocalRooms.Attempt, _time));
            }

            await Task.Delay(pause, _time);
            pause = TimeSpan.FromMilliseconds(Math.Min(_rooms.LongestPause.TotalMilliseconds, pause.TotalMilliseconds * 2));
        }
    }

    private async Task<PostAnswer?> AttemptPostAsync(List<WaitingDraft> batch, HedgedCall<PostAnswer> call)
    {
        Draft[] drafts = new Draft[batch.Count];
        for (int i = 0; i < drafts.Length; i++)
        {
            drafts[i] = batch[i].Draft;
        }

        using Activity? trace = GatewayTracing.StartPost(batch);
        long started = _time.GetTimestamp();
        try
        {
            _instruments.Posting(drafts.Length);
            Task<PostAnswer> attempt = _grain.Post(new PostRequest(_gateway, Volatile.Read(ref _number), drafts));
            PostAnswer answer = await call.AttemptAsync(attempt, _rooms.HedgeAfter, _rooms.Calls);
            _instruments.PostAnswered(_time.GetElapsedTime(started));
            return answer;
        }
#pragma warning disable CA1031 // Whatever happened to the call, its outcome is unknown: the same ids again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _instruments.PostFailed(_time.GetElapsedTime(started));
            trace?.SetStatus(ActivityStatusCode.Error);
            LocalRoomLog.PostFailed(_logger, drafts.Length, exception);
            return null;
        }
    }

    /// <summary>
    /// Tells the senders whose drafts are done, and leaves in the batch those that are not. True when the grain does not know a
    /// sender who is in the room here: it has to be told.
    /// </summary>
    private bool Settle(List<WaitingDraft> batch, PostAnswer answer)
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
                batch[i].Done(new DraftResult(outcome, answer.Epoch, result.Seq, result.At, result.Status == PostStatus.Duplicate));
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
