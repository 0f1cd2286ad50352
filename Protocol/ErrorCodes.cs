namespace ChitChatz.Protocol;

/// <summary>The table of errors (PROTOCOL, "Bad input"). A name, once sent to clients, is never given another meaning.</summary>
public static class ErrorCodes
{
    // What is malformed or forbidden counts as a violation.

    /// <summary>Not one well-formed JSON object: syntax, encoding, depth, or the same field twice.</summary>
    public static readonly ErrorCode BadJson = new("bad_json", "The frame is not a valid JSON object", Retry: false, Violation: true);

    /// <summary>Well-formed, but an unknown event, a missing field, or a field of the wrong type. The text is the first server's.</summary>
    public static readonly ErrorCode BadRequest = new("bad_request", "Invalid input", Retry: false, Violation: true);

    /// <summary>The frame is longer than allowed; a close with 1009 follows.</summary>
    public static readonly ErrorCode TooLarge = new("too_large", "The frame is too large", Retry: false, Violation: true);

    /// <summary>A message's text is longer than allowed.</summary>
    public static readonly ErrorCode TextTooLong = new("text_too_long", "The text is too long", Retry: false, Violation: true);

    /// <summary>The token does not verify, or is longer than <see cref="WireLimits.MaxTokenBytes"/>.</summary>
    public static readonly ErrorCode InvalidToken = new("invalid_token", "The token is not valid", Retry: false, Violation: true);

    /// <summary>A token of somebody else than the one this connection belongs to.</summary>
    public static readonly ErrorCode IdentityMismatch = new("identity_mismatch", "This connection belongs to somebody else", Retry: false, Violation: true);

    /// <summary>A request that this client may not make.</summary>
    public static readonly ErrorCode Forbidden = new("forbidden", "That is not allowed", Retry: false, Violation: true);

    /// <summary>Too many frames were refused; a close with 1008 follows.</summary>
    public static readonly ErrorCode TooManyViolations = new("too_many_violations", "Too many invalid requests", Retry: false, Violation: true);

    // Ordinary refusals, which correct clients meet, do not count.

    /// <summary>A frame without a token where one is needed.</summary>
    public static readonly ErrorCode NoToken = new("no_token", "A token is needed, register first", Retry: false, Violation: false);

    /// <summary>The token was valid once; the client has to register again.</summary>
    public static readonly ErrorCode TokenExpired = new("token_expired", "The token has expired, register again", Retry: false, Violation: false);

    /// <summary>The connection did not register in time, or asks for what needs it.</summary>
    public static readonly ErrorCode NotRegistered = new("not_registered", "You are not registered", Retry: false, Violation: false);

    /// <summary>Existing clients leave before every join, in a room or not. The text is the first server's.</summary>
    public static readonly ErrorCode NotInRoom = new("not_in_room", "You are not in a room", Retry: false, Violation: false);

    /// <summary>The room beside a message is not the current one.</summary>
    public static readonly ErrorCode WrongRoom = new("wrong_room", "You are in another room", Retry: false, Violation: false);

    /// <summary>Somebody else lives under this name.</summary>
    public static readonly ErrorCode NameTaken = new("name_taken", "This name is taken", Retry: true, Violation: false);

    /// <summary>The rules for names of users refuse it.</summary>
    public static readonly ErrorCode BadName = new("bad_name", "This name is not allowed", Retry: false, Violation: false);

    /// <summary>The name looks like one that the service keeps for itself.</summary>
    public static readonly ErrorCode NameReserved = new("name_reserved", "This name is reserved", Retry: false, Violation: false);

    /// <summary>The rules for names of rooms refuse it.</summary>
    public static readonly ErrorCode BadRoom = new("bad_room", "This room name is not allowed", Retry: false, Violation: false);

    /// <summary>Too many registrations, joins or new rooms.</summary>
    public static readonly ErrorCode RateLimited = new("rate_limited", "Too many requests, wait a little", Retry: true, Violation: false);

    /// <summary>The id was used before in this room, with another text; the message that stands under it is unchanged.</summary>
    public static readonly ErrorCode IdConflict = new("id_conflict", "This id was used for another text", Retry: false, Violation: false);

    /// <summary>A bounded queue is full.</summary>
    public static readonly ErrorCode Overloaded = new("overloaded", "The server is busy, try again", Retry: true, Violation: false);

    /// <summary>A part of the service does not answer. What was asked may or may not have happened.</summary>
    public static readonly ErrorCode Unavailable = new("unavailable", "The service is not available, try again", Retry: true, Violation: false);

    /// <summary>A mistake of ours.</summary>
    public static readonly ErrorCode Internal = new("internal", "Something went wrong", Retry: true, Violation: false);

    /// <summary>The answer to a client that gives up; the connection closes. The text is the first server's.</summary>
    public static readonly ErrorCode Goodbye = new("goodbye", "Ok bye", Retry: false, Violation: false);

    /// <summary>The whole table.</summary>
    public static IReadOnlyList<ErrorCode> All { get; } =
    [
        BadJson, BadRequest, TooLarge, TextTooLong, InvalidToken, IdentityMismatch, Forbidden, TooManyViolations,
        NoToken, TokenExpired, NotRegistered, NotInRoom, WrongRoom, NameTaken, BadName, NameReserved, BadRoom,
        IdConflict, RateLimited, Overloaded, Unavailable, Internal, Goodbye,
    ];
}
