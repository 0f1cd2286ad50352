using System.Diagnostics;
using ChitChatz.Gateway.Rooms;
using ChitChatz.Gateway.Sessions;
using ChitChatz.Grains.Abstractions;
using ChitChatz.Protocol;

namespace ChitChatz.Gateway.Connections;

internal sealed partial class ChatConnection
{
    /// <summary>How many of a connection's texts may be under way; beyond that it is not read.</summary>
    private const int MostDrafts = 512;

    private readonly Lock _draftsGate = new();
    private int _drafts;
    private List<(int Below, TaskCompletionSource Reached)>? _draftWaiters;
    private long _lastStored;

    /// <summary>A text that was handed to the room has its outcome. Texts of a connection come back in the order sent.</summary>
    /// <param name="draft">The text.</param>
    /// <param name="result">What became of it.</param>
    public void OnDraftDone(Draft draft, in DraftResult result)
    {
        string? id = IsVersion2 && Draft.IsClientId(draft.Id) ? draft.Id : null;
        ProtocolError? error = result.Outcome switch
        {
            DraftOutcome.Stored => null,
            DraftOutcome.NotMember => ErrorCodes.NotInRoom.Error,
            DraftOutcome.IdConflict => ErrorCodes.IdConflict.Error,
            DraftOutcome.Overloaded => ErrorCodes.Overloaded.Error,
            _ => ErrorCodes.Unavailable.Error,
        };
        try
        {
            if (error is not null)
            {
                Refuse(error, id);
            }
            else if (id is not null)
            {
                Send(AckFrame(id, result));
            }
        }
#pragma warning disable CA1031 // The room goes on, and so must the count of what is under way.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            ChatConnectionLog.Failed(_services.Logger, Number, exception);
        }

        lock (_draftsGate)
        {
            _drafts--;
            _lastStored = Math.Max(_lastStored, result.Seq);
            _draftWaiters?.RemoveAll(waiter => _drafts < waiter.Below && waiter.Reached.TrySetResult());
        }
    }

    /// <summary>Waits until fewer than so many texts are under way.</summary>
    private Task DraftsBelowAsync(int count)
    {
        lock (_draftsGate)
        {
            if (_drafts < count)
            {
                return Task.CompletedTask;
            }

            TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
            (_draftWaiters ??= []).Add((count, reached));
            return reached.Task;
        }
    }

    private OutboundFrame AckFrame(string id, in DraftResult result)
        => OutboundFrame.Text((Room: _room?.Name ?? "", id, result, Jwt: DueToken()), static (output, state) => FrameWriter.Ack(
            output, state.Room, state.result.Epoch, state.result.Seq, state.result.At, state.result.Duplicate, state.id, state.Jwt));

    private async ValueTask PostAsync(Session session, ClientFrame frame, Activity? trace)
    {
        if (_room is not { } room)
        {
            Refuse(ErrorCodes.NotInRoom.Error);
            trace?.Dispose();
            return;
        }

        if (_drafts >= MostDrafts)
        {
            await DraftsBelowAsync(MostDrafts);
        }

        lock (_draftsGate)
        {
            _drafts++;
        }

        Draft draft = new(Number, session.Identity.Sub, session.Identity.Name, _answerId ?? _services.Rooms.NewId(), frame.Text!);
        WaitingDraft waiting = new(this, draft, trace);
        if (!room.TryPost(waiting))
        {
            waiting.Done(new DraftResult(DraftOutcome.Overloaded));
        }
    }
}
