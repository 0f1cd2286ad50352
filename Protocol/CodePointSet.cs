using System.Globalization;
using System.Text;

namespace ChitChatz.Protocol;

/// <summary>A set of characters, as sorted ranges.</summary>
internal sealed class CodePointSet
{
    private readonly int[] starts;
    private readonly int[] ends;

    private CodePointSet(int[] starts, int[] ends)
    {
        this.starts = starts;
        this.ends = ends;
    }

    /// <summary>Reads ranges such as <c>620 62A-62E</c>, in order.</summary>
    public static CodePointSet Parse(string ranges)
    {
        var parts = ranges.Split([' ', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries);
        return new([.. parts.Select(part => Hex(part.Split('-')[0]))], [.. parts.Select(part => Hex(part.Split('-')[^1]))]);
    }

    public bool Contains(Rune rune)
    {
        var at = Array.BinarySearch(starts, rune.Value);
        return at >= 0 || (~at > 0 && rune.Value <= ends[~at - 1]);
    }

    private static int Hex(string digits) => int.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
