using System.Diagnostics;
using ChitChatz.Grains.Abstractions;
using ChitChatz.Storage;

namespace ChitChatz.Grains.Rooms;

internal sealed partial class RoomGrain
{
    private Task _pump = Task.CompletedTask;
    private bool _hasAppended;

    public async Task<PostAnswer> Post(PostRequest request)
    {
        // Members are only known to an activation that is open.
        if (_members.Touch(request.Gateway, request.Number) is not { } gateway)
            return new PostAnswer(true, _appends.Epoch, _appends.Head, []);

        PostCall call = new(request.Drafts.Length, GrainsTracing.Caller);
        List<int>? strangers = null;
        if (_stopped)
            Refuse(call, PostStatus.Unavailable);
        else
            strangers = Take(gateway, request.Drafts, call);

        if (_pump.IsCompleted && _appends.Waiting > 0)
            _pump = PumpAsync();

        if (strangers is not null)
            await AnswerStrangersAsync(request.Drafts, strangers, call);

        await call.Done;
        return new PostAnswer(false, _appends.Epoch, _appends.Head, call.Results);
    }

    /// <summary>Takes what may be stored; returns the places of drafts whose connection is not in the room.</summary>
    private List<int>? Take(GatewayMembers gateway, Draft[] drafts, PostCall call)
    {
        List<int>? strangers = null;
        bool full = false;
        for (int i = 0; i < drafts.Length; i++)
        {
            Draft draft = drafts[i];
            bool mayStore = gateway.Has(draft.Connection, draft.Sub);
            switch (_appends.Take(draft, mayStore && !full, call, i))
            {
                case TakeOutcome.Full:
                case TakeOutcome.NotAllowed when mayStore:
                    // Nothing behind a refused draft may overtake its repeat.
                    full = true;
                    call.Set(i, new PostResult(PostStatus.Overloaded, 0, 0));
                    break;
                case TakeOutcome.NotAllowed:
                    (strangers ??= []).Add(i);
                    break;
            }
        }

        return strangers;
    }

    /// <summary>
    /// A draft is refused for good only if its id was never stored: its sender may have been in the room when it first came,
    /// and left while its answer was lost.
    /// </summary>
    private async Task AnswerStrangersAsync(Draft[] drafts, List<int> strangers, PostCall call)
    {
        MessageKey[] keys = new MessageKey[strangers.Count];
        for (int i = 0; i < keys.Length; i++)
            keys[i] = new MessageKey(drafts[strangers[i]].Sub, drafts[strangers[i]].Id);

        try
        {
            IReadOnlyList<ChatMessage?> found = await log.FindAsync(_key, keys, CancellationToken.None);
            for (int i = 0; i < keys.Length; i++)
                call.Set(strangers[i], Standing(drafts[strangers[i]], found[i]));
        }
        catch (LogUnavailableException exception)
        {
            logger.LogUnavailable(exception, _key);
            foreach (int i in strangers)
                call.Set(i, new PostResult(PostStatus.Unavailable, 0, 0));
        }
    }

    private static PostResult Standing(Draft draft, ChatMessage? stored) => stored switch
    {
        null => new PostResult(PostStatus.NotMember, 0, 0),
        _ when PendingDraft.SameText(draft, stored) => new PostResult(PostStatus.Duplicate, stored.Seq, stored.At),
        _ => new PostResult(PostStatus.IdConflict, stored.Seq, stored.At),
    };

    private static void Refuse(PostCall call, PostStatus status)
    {
        for (int i = 0; i < call.Results.Length; i++)
            call.Set(i, new PostResult(status, 0, 0));
    }

    /// <summary>Brings what waits into the log, batch by batch, until nothing waits. One append is under way at a time.</summary>
    private async Task PumpAsync()
    {
        try
        {
            while (!_stopped)
            {
                ChatMessage[] batch = _appends.NextBatch(time.GetUtcNow().ToUnixTimeMilliseconds());
                if (batch.Length == 0 || !await AppendAsync(batch))
                    return;
            }
        }
        catch (Exception exception)
        {
            // Whether the batch stands is unknown, so no seq may be given any more.
            logger.AppendBroke(exception, _key);
            _appends.Fail();
            Stop();
            DeactivateOnIdle();
        }
    }

    /// <summary>One batch to its end. False when the pump should stop.</summary>
    private async ValueTask<bool> AppendAsync(ChatMessage[] batch)
    {
        using Activity? trace = GrainsTracing.StartAppend(_appends.Traces(), batch.Length);
        AppendResult result = await writer.AppendAsync(NextAppend(batch));
        while (result.Status == AppendStatus.Duplicates)
        {
            if (!_appends.TryDropDuplicates(result.Duplicates, out batch))
            {
                _appends.Fail();
                return false;
            }

            if (batch.Length == 0)
                return true;

            result = await writer.AppendAsync(NextAppend(batch));
        }

        if (result.Status != AppendStatus.Committed)
        {
            trace?.SetStatus(ActivityStatusCode.Error);
            _appends.Fail();
            if (result.Status == AppendStatus.Fenced)
                Overtaken();

            return false;
        }

        _hasAppended = true;

        // Head and receivers in one step: a gateway that enters after it gets a head that has this batch.
        _appends.Commit();
        instruments.Appended(batch.Length);
        using (Activity? push = GrainsTracing.StartPush())
            await RoomPush.ToAll(inboxes, _members.Gateways, RoomPush.Cut(_key, _appends.Epoch, batch, limits.PushBytes, push?.Id));
        _appends.Answer();
        return true;
    }

    /// <summary>What comes first to an activation is often what its predecessor stored and did not live to answer.</summary>
    private AppendBatch NextAppend(ChatMessage[] batch) => new(_key, _card.Name, _appends.Epoch, batch, MayRepeat: !_hasAppended);
}
