using System.Globalization;
using System.Text;

namespace ChitChatz.Protocol;

/// <summary>How long one kind of name may be, and how a refusal is worded.</summary>
/// <param name="Code">The error for a name that is refused.</param>
/// <param name="What">What people call it.</param>
/// <param name="Graphemes">The most graphemes.</param>
/// <param name="Bytes">The most bytes of UTF-8.</param>
/// <param name="RefusesLessThan">Whether <c>&lt;</c> is refused.</param>
internal sealed record NameLimits(ErrorCode Code, string What, int Graphemes, int Bytes, bool RefusesLessThan)
{
    public ProtocolError TooLong { get; } = Code.Because($"A {What} has at most {Graphemes} characters and {Bytes} bytes");

    public ProtocolError Refuse(string why) => Code.Because($"A {What} {why}");

    public bool Allow(string display) =>
        Encoding.UTF8.GetByteCount(display) <= Bytes
        && Escaped(display) <= Graphemes * WireLimits.MaxEscapedPerGrapheme
        && CountGraphemes(display) <= Graphemes;

    /// <summary>An upper bound for what any JSON writer makes of the name in a token: all but the plainest characters escaped.</summary>
    /// <remarks>Only names that pile marks on ASCII characters meet it before the two other limits.</remarks>
    private static int Escaped(string display)
    {
        var length = 0;
        foreach (var unit in display)
        {
            length += char.IsAsciiLetterOrDigit(unit) || unit == ' ' ? 1 : WireLimits.MaxEscapedPerGrapheme;
        }

        return length;
    }

    private static int CountGraphemes(ReadOnlySpan<char> display)
    {
        var count = 0;
        for (; !display.IsEmpty; count++)
        {
            display = display[StringInfo.GetNextTextElementLength(display)..];
        }

        return count;
    }
}
