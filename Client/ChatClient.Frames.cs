using ChitChatz.Client.Connections;
using ChitChatz.Client.Wire;
using ChitChatz.Protocol;

namespace ChitChatz.Client;

/// <summary>What the connection brings.</summary>
public sealed partial class ChatClient : IConnectionOwner
{
    void IConnectionOwner.OnFrame(ChatFrameDirection direction, ReadOnlyMemory<byte> utf8)
    {
        if (Options.OnFrame is not { } hook)
            return;
        try
        {
            hook(new ChatFrame(direction, utf8));
        }
#pragma warning disable CA1031 // It is the application's, and may be anything.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.HandlerFailed(exception);
        }
    }

    void IConnectionOwner.OnToken(string jwt)
    {
        lock (Gate)
        {
            if (_identity.Take(jwt))
            {
                Log.IdentityChanged();
                _room?.OnIdentityChanged();
            }

            // The server renews it at half of its life, with some answer or push; it is asked only when that did not come.
            if (_identity.Lifetime > TimeSpan.Zero && _closedBecause is null)
                _refresh.Start(_identity.Lifetime * 0.75);
        }

        Raise(TokenChanged, this, jwt);
    }

    // The connection is in one room at a time, and what it brings is in the order in which rooms were entered and left: what comes before the
    // answer to a join is of the room before, and after it of the new one.
    void IConnectionOwner.OnPush(Connection connection, ServerFrame frame)
    {
        var room = Room;
        switch (frame.Event)
        {
            case EventNames.Message:
                room?.OnMessage(frame.ReadMessage());
                break;
            case EventNames.Gap:
                room?.OnGap(frame.Data.Integer("to"));
                break;
            case EventNames.Joined:
                room?.OnPresence(frame.ReadPresence(ChatPresenceKind.Joined));
                break;
            case EventNames.Left:
                room?.OnPresence(frame.ReadPresence(ChatPresenceKind.Left));
                break;
            case EventNames.Typing:
                room?.OnPresence(frame.ReadPresence(ChatPresenceKind.Typing));
                break;
            case EventNames.Rooms:
                Raise(RoomsChanged, this, frame.ReadRooms());
                break;
            case EventNames.Drain:
                connection.OnDrain(TimeSpan.FromMilliseconds(Math.Clamp(frame.Data.Integer("after_ms"), 0, 3_600_000)));
                break;
            case EventNames.Error:
                var error = frame.ReadError();
                Log.ErrorPushed(error.Code, error);
                break;
        }
    }

    private void Refresh()
    {
        Connection? connection;
        lock (Gate)
            connection = _connection;
        if (connection is null)
            return;
        var id = connection.NewId();
        connection.Ask(id, Requests.Plain(EventNames.Refresh, id), static _ => { });
    }
}
