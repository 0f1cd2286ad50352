using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ChitChatz.Client;

/// <summary>A place in a room's log. Keep that of the last message you have dealt with to go on from there in another process.</summary>
/// <param name="Epoch">The life of the log. In another one, <paramref name="Seq"/> means nothing.</param>
/// <param name="Seq">The message's number in it, 1, 2, 3 and so on; 0 stands before the first.</param>
public readonly record struct ChatPosition(long Epoch, long Seq)
{
    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <param name="text"><c>epoch:seq</c>, two integers in decimal digits.</param>
    /// <param name="position">The position, when true is returned.</param>
    public static bool TryParse([NotNullWhen(true)] string? text, out ChatPosition position)
    {
        position = default;
        if (text?.Split(':') is not [var first, var second]
            || !long.TryParse(first, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var epoch)
            || !long.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out var seq))
        {
            return false;
        }

        position = new ChatPosition(epoch, seq);
        return true;
    }

    /// <summary><c>epoch:seq</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Epoch}:{Seq}");
}
