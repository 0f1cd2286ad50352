using System.Collections.Frozen;
using System.Text;

namespace ChitChatz.Protocol;

/// <summary>The rules for names of users and rooms (THREATS, section 5). Pure; never throws on any string.</summary>
/// <remarks>
/// A name is trimmed and NFC-normalised, not refused for that. Two names with one <see cref="CanonicalName.Key"/> are one
/// name. What the key does not join: <c>ß</c> and <c>ss</c> (.NET has no full case folding), and look-alikes such as
/// <c>O</c> and <c>0</c>; look-alikes count only against the reserved names of users.
/// </remarks>
/// <param name="reserved">Names that no user may have, nor one that looks like them; see <see cref="DefaultReserved"/>.</param>
/// <exception cref="InvalidOperationException">The runtime cannot normalise text.</exception>
public sealed class NameRules(IReadOnlyCollection<string> reserved)
{
    private static readonly NameLimits UserLimits =
        new(ErrorCodes.BadName, "name", WireLimits.MaxNameGraphemes, WireLimits.MaxNameBytes, RefusesLessThan: true);

    private static readonly NameLimits RoomLimits =
        new(ErrorCodes.BadRoom, "room name", WireLimits.MaxRoomGraphemes, WireLimits.MaxRoomBytes, RefusesLessThan: false);

    private readonly FrozenSet<string> skeletons = reserved
        .SelectMany(NameSkeleton.Of)
        .Where(skeleton => skeleton.Length > 0)
        .ToFrozenSet(StringComparer.Ordinal);

    static NameRules() => NameKey.EnsureUnicode();

    /// <summary>Names by which the service itself could be meant.</summary>
    public static IReadOnlyCollection<string> DefaultReserved { get; } =
    [
        "server", "system", "admin", "administrator", "moderator", "mod", "root", "operator", "staff", "support", "official",
        "chitchatz",
    ];

    /// <summary>Checks a user's name; null and the canonical name, or what is wrong.</summary>
    public ProtocolError? CheckUser(string name, out CanonicalName canonical)
    {
        var error = Check(name, UserLimits, out canonical);
        if (error is null && NameSkeleton.Of(canonical.Display).Any(skeletons.Contains))
        {
            canonical = default;
            error = ErrorCodes.NameReserved.Error;
        }

        return error;
    }

    /// <summary>Checks a room's name; null and the canonical name, or what is wrong.</summary>
    public static ProtocolError? CheckRoom(string name, out CanonicalName canonical) => Check(name, RoomLimits, out canonical);

    private static ProtocolError? Check(string name, NameLimits limits, out CanonicalName canonical)
    {
        canonical = default;
        var trimmed = name.AsSpan().Trim();
        if (trimmed.IsEmpty)
        {
            return limits.Refuse("cannot be empty");
        }

        // Normalising never shortens a name to an eighth, so nobody makes us normalise megabytes.
        if (trimmed.Length > 8 * limits.Bytes)
        {
            return limits.TooLong;
        }

        // Before normalising, because that throws on lone surrogates; after it, because it changes what stands beside what.
        var text = trimmed.ToString();
        if (NameCharacters.FindBad(text) is { } before)
        {
            return limits.Refuse(before);
        }

        var display = text.Normalize(NormalizationForm.FormC);
        if (NameCharacters.FindBad(display) is { } after)
        {
            return limits.Refuse(after);
        }

        if (limits.RefusesLessThan && display.Contains('<'))
        {
            return limits.Refuse("cannot contain <");
        }

        if (!limits.Allow(display))
        {
            return limits.TooLong;
        }

        if (NameCharacters.FindBadPlace(display) is { } misplaced)
        {
            return limits.Refuse(misplaced);
        }

        canonical = new(display, NameKey.Of(display));
        return null;
    }
}
