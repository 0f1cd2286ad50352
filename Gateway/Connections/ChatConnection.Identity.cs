using System.Net.WebSockets;
using ChitChatz.Gateway.Identity;
using ChitChatz.Gateway.Rooms;
using ChitChatz.Gateway.Sessions;
using ChitChatz.Protocol;

namespace ChitChatz.Gateway.Connections;

internal sealed partial class ChatConnection
{
    private ConnectionToken _token;
    private Session? _session;
    private DateTimeOffset _tokenHalfLife;

    /// <summary>Whether the holder can prove its session: it brought a token, or sent something since its register was answered.</summary>
    private bool _canResume;

    /// <summary>The holder's present session; null before the first authentication.</summary>
    public Session? Session => _session;

    /// <summary>True once half of the newest token's life is gone: the next frame for this connection alone should bring a fresh one.</summary>
    public bool WantsToken { get; private set; }

    /// <summary>Set while a token alone brings the connection back into its room: the answer is that of the frame that brought the token.</summary>
    private bool _entersSilently;

    /// <summary>Whether a message with this author was sent by this connection's holder.</summary>
    public bool IsSender(string sub) => _session is { } session && session.Identity.Sub == sub;

    /// <summary>Whether its holder bears this name.</summary>
    public bool IsNamed(string? name) => name is not null && _session?.Identity.Name == name;

    /// <summary>A fresh token for the holder.</summary>
    public string IssueToken(string? room)
    {
        WantsToken = false;
        _tokenHalfLife = _time.GetUtcNow() + (_services.TokenLifetime / 2);
        return _services.Tokens.Issue(_session!.Identity, room);
    }

    /// <summary>The name was lost to an older claim of somebody else: the session is over.</summary>
    public void OnNameLost() => Close(CloseCodes.Removed, ErrorCodes.NameTaken.Error);

    private string? DueToken() => WantsToken && _session is not null ? IssueToken(_room?.Name) : null;

    private async Task RegisterAsync(ClientFrame frame)
    {
        if (_services.NameRules.CheckUser(frame.Name!, out CanonicalName name) is { } error)
        {
            Refuse(error);
            return;
        }

        if (!_handshake.Lease.TryRegister(out TimeSpan retryAfter))
        {
            Refuse(ErrorCodes.RateLimited.Because("Too many registrations from your address; try again in a minute"), retryAfter);
            return;
        }

        // A further register of the name that the connection has keeps its holder; nobody else could have been given it meanwhile.
        string? proven = ProvenSub(frame, name) ?? (_session?.Identity.NameKey == name.Key ? _session.Identity.Sub : null);
        UserIdentity identity = proven is null ? UserIdentity.Guest(name) : UserIdentity.Known(proven, name);
        Session? before = _session;
        if (await ClaimAsync(identity, proven is not null) is not { } session)
        {
            return;
        }

        await LeaveRoomAsync(lost: false);
        StartSession(session);
        _canResume = proven is not null;
        if (before is not null && before.Identity.NameKey != name.Key)
        {
            await _services.Names.ReleaseAsync(this, before);
        }

        Send(RegisterFrame(IssueToken(room: null), _answerId));
    }

    /// <summary>The sub that a token proves: the frame's own, or else the handshake's cookie if that names the name asked for.</summary>
    private string? ProvenSub(ClientFrame frame, CanonicalName name)
    {
        if (!frame.Jwt.IsEmpty)
        {
            TokenVerdict verdict = _services.Tokens.VerifyForRegister(frame.Jwt.Span);
            return verdict.IsValid ? verdict.Claims.Sub : null;
        }

        return _session is null ? _handshake.Cookie?.SubFor(name.Key) : null;
    }

    /// <summary>The session in whose name a frame acts, or null when it was refused.</summary>
    private async ValueTask<Session?> AuthenticateAsync(ClientFrame frame)
    {
        if (frame.Jwt.IsEmpty)
        {
            if (IsVersion2)
            {
                return _session;
            }

            Refuse(ErrorCodes.NoToken.Error);
            return null;
        }

        TokenVerdict verdict = _token.Check(frame.Jwt);
        if (!verdict.IsValid)
        {
            Refuse(verdict.Status == TokenStatus.Expired ? ErrorCodes.TokenExpired.Error : ErrorCodes.InvalidToken.Error);
            return null;
        }

        if (_session is not { } session)
        {
            return await AuthenticateByTokenAloneAsync(frame, verdict.Claims);
        }

        if (session.Identity.Sub != verdict.Claims.Sub)
        {
            Refuse(ErrorCodes.IdentityMismatch.Error);
            return null;
        }

        return session;
    }

    /// <summary>
    /// The first frame of a connection brings a token and no register. Its holder is back under its name, and in its room if
    /// its session there was lost; where it is not, the answer brings a token that says so.
    /// </summary>
    private async ValueTask<Session?> AuthenticateByTokenAloneAsync(ClientFrame frame, TokenClaims claims)
    {
        if (_services.NameRules.CheckUser(claims.Name, out CanonicalName name) is { } error)
        {
            Refuse(error);
            return null;
        }

        if (await ClaimAsync(UserIdentity.Known(claims.Sub, name), proven: true) is not { } session)
        {
            return null;
        }

        StartSession(session);
        _tokenHalfLife = claims.ExpiresAt - (_services.TokenLifetime / 2);
        if (claims.Room is null)
        {
            return session;
        }

        bool entered = false;
        if (frame.Event != ClientEvent.JoinRoom && NameRules.CheckRoom(claims.Room, out CanonicalName room) is null)
        {
            _entersSilently = true;
            entered = await EnterAsync(session, room, onlyIfLost: true) == JoinOutcome.Joined;
            _entersSilently = false;
        }

        if (!entered)
        {
            WantsToken = true;
        }

        return session;
    }

    private async Task<Session?> ClaimAsync(UserIdentity identity, bool proven)
    {
        Session session = new(identity, _time.GetUtcNow().ToUnixTimeMilliseconds());
        switch (await _services.Names.ClaimAsync(this, session, proven))
        {
            case ClaimOutcome.Granted:
                return session;

            case ClaimOutcome.Taken:
                Refuse(ErrorCodes.NameTaken.Error);
                return null;

            default:
                Refuse(ErrorCodes.Unavailable.Error);
                return null;
        }
    }

    private void StartSession(Session session)
    {
        Volatile.Write(ref _seenRooms, _services.Rooms.List.Snapshot());
        if (_session is not null && _session.Identity.Sub != session.Identity.Sub)
        {
            _token = new ConnectionToken(_services.Tokens);
        }

        // Which version is spoken is settled by the first frame that authenticates.
        IsVersion2 = _answersVersion2;
        _session = session;
        _services.Instruments.Registered();
    }

    /// <summary>
    /// Gives the name back; one of version 2 that was lost, and not given up, is kept for a while so that its holder can resume under it. Not
    /// where the answer to the register may be lost too: its holder has no token then, and would be kept from its own name.
    /// </summary>
    private Task GiveNameBackAsync()
    {
        if (_session is not { } session)
        {
            return Task.CompletedTask;
        }

        if (!IsVersion2 || _gaveUp || !_canResume || _socket.CloseStatus == WebSocketCloseStatus.NormalClosure)
        {
            return _services.Names.ReleaseAsync(this, session);
        }

        _services.Names.ReleaseLater(this, session);
        return Task.CompletedTask;
    }
}
