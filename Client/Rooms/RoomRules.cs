using ChitChatz.Protocol;

namespace ChitChatz.Client.Rooms;

/// <summary>What a refusal means to somebody who believes to be in a room.</summary>
internal static class RoomRules
{
    private static readonly HashSet<string> s_outOfStep =
    [
        ErrorCodes.NotInRoom.Name, ErrorCodes.WrongRoom.Name, ErrorCodes.NoToken.Name, ErrorCodes.TokenExpired.Name, ErrorCodes.InvalidToken.Name,
        ErrorCodes.NotRegistered.Name,
    ];

    /// <summary>
    /// True when the server does not know what the client takes for granted: who it is, or where. Says nothing about the request itself: come
    /// back as for a lost connection, and repeat it.
    /// </summary>
    public static bool IsOutOfStep(ChatException refusal) => refusal.Code is { } code && s_outOfStep.Contains(code);

    /// <summary>True when a token will not do, and a register has to bring a new one.</summary>
    public static bool NeedsRegister(ChatException refusal) =>
        refusal.Code == ErrorCodes.TokenExpired.Name || refusal.Code == ErrorCodes.InvalidToken.Name || refusal.Code == ErrorCodes.NoToken.Name || refusal.Code == ErrorCodes.NotRegistered.Name;
}
