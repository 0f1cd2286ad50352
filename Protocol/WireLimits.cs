namespace ChitChatz.Protocol;

/// <summary>Limits that are part of the wire itself; those that an operator may choose are options of the gateway.</summary>
public static class WireLimits
{
    /// <summary>The greatest length of a token, in bytes.</summary>
    public const int MaxTokenBytes = 2048;

    /// <summary>The greatest depth of a client's JSON; the frame's own object is level 1.</summary>
    public const int MaxDepth = 8;

    /// <summary>The greatest length of a request's id, in characters.</summary>
    public const int MaxIdLength = 64;

    /// <summary>Within so many messages a resume is gap-free; what lies further back is read with get_history.</summary>
    public const int ReplayMessages = 300;

    /// <summary>The most messages that one get_history brings.</summary>
    public const int MaxHistory = 100;

    /// <summary>The most names that one get_members brings; in rooms of more members, joined and left bring only counts.</summary>
    public const int MaxMembers = 200;

    /// <summary>The greatest length of a user's name, in graphemes.</summary>
    public const int MaxNameGraphemes = 64;

    /// <summary>The greatest length of a user's name, in bytes of UTF-8.</summary>
    public const int MaxNameBytes = 128;

    /// <summary>The greatest length of a room's name, in graphemes.</summary>
    public const int MaxRoomGraphemes = 128;

    /// <summary>The greatest length of a room's name, in bytes of UTF-8.</summary>
    public const int MaxRoomBytes = 256;

    /// <summary>The most marks (accents, vowel signs) on one grapheme.</summary>
    public const int MaxMarksPerGrapheme = 4;

    /// <summary>
    /// What a name may cost in a token's JSON, in characters for each grapheme that it may have: one escape, <c>\uXXXX</c>.
    /// Together with the other limits it keeps the token of the longest names below <see cref="MaxTokenBytes"/>.
    /// </summary>
    public const int MaxEscapedPerGrapheme = 6;
}
