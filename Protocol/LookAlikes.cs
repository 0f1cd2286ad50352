using System.Collections.Frozen;
using System.Text;

namespace ChitChatz.Protocol;

/// <summary>
/// Letters that look like a Latin one: Cyrillic, Greek, Armenian, Cherokee, small capitals, crossed and hooked letters, and
/// the boxed and circled alphabets that normalising does not take apart. A small part of UTS #39's table, chosen for names
/// of Latin letters such as the reserved ones; capitals and small letters apart, because they look like different letters.
/// </summary>
internal static class LookAlikes
{
    private static readonly FrozenDictionary<int, char> Letters = new (char Latin, string Others)[]
    {
        ('a', "\u0251\u0391\u03B1\u0410\u0430\u13AA\u1D00"),
        ('b', "\u0299\u0392\u03B2\u0412\u042C\u0432\u044C\u13CF"),
        ('c', "\u03C2\u0421\u0441\u13DF\u1D04"),
        ('d', "\u00D0\u00F0\u0110\u0111\u0256\u0257\u0500\u0501\u13A0\u1D05"),
        ('e', "\u025B\u0395\u03B5\u0404\u0415\u0435\u0454\u04BD\u13AC\u1D07"),
        ('g', "\u0261\u0262\u050C\u050D\u0581\u13C0"),
        ('h', "\u0126\u0127\u029C\u0397\u041D\u043D\u04BA\u04BB\u0570\u13BB"),
        ('i', "\u0131\u0268\u0269\u026A\u0399\u03B9\u0406\u0456\u04C0\u04CF\u13A5"),
        ('j', "\u0237\u037F\u03F3\u0408\u0458\u13AB\u1D0A"),
        ('k', "\u039A\u03BA\u041A\u043A\u13E6\u1D0B"),
        ('l', "\u0141\u0142\u01C0\u029F\u13DE\uA781"),
        ('m', "\u028D\u039C\u03FA\u041C\u043C\u13B7\u1D0D"),
        ('n', "\u0274\u039D\u03B7\u0418\u041F\u0438\u043F\u0578\u057C"),
        ('o', "\u00D8\u00F8\u0254\u039F\u03BF\u03C3\u041E\u043E\u0555\u0585\u1D0F"),
        ('p', "\u03A1\u03C1\u0420\u0440\u13E2\u1D18"),
        ('q', "\u051A\u051B\u0566"),
        ('r', "\u027E\u0280\u0413\u042F\u0433\u044F\u13A1\uAB47"),
        ('s', "\u01A7\u01A8\u0282\u0405\u0455\u054F\u13DA\uA731"),
        ('t', "\u0166\u0167\u03A4\u03C4\u0422\u0442\u13A2\u1D1B"),
        ('u', "\u028A\u03BC\u03C5\u054D\u057D\u1D1C"),
        ('v', "\u028B\u03BD\u0474\u0475\u13D9\u1D20"),
        ('w', "\u03C9\u0428\u0448\u0460\u0461\u051C\u051D\u13B3\u1D21"),
        ('x', "\u03A7\u03C7\u0425\u0445"),
        ('y', "\u028F\u03A5\u03B3\u0423\u0443\u04AE\u04AF\u13A9"),
        ('z', "\u0290\u0396\u03B6\u13C3\u1D22"),
    }.SelectMany(row => row.Others, (row, other) => KeyValuePair.Create((int)other, row.Latin)).ToFrozenDictionary();

    /// <summary>The Latin letter that a character looks like, or the character itself.</summary>
    public static Rune ToLatin(Rune rune) => rune.Value switch
    {
        >= 0x1F150 and <= 0x1F169 => new('a' + rune.Value - 0x1F150), // white on a black circle
        >= 0x1F170 and <= 0x1F189 => new('a' + rune.Value - 0x1F170), // white on a black square
        >= 0x1F1E6 and <= 0x1F1FF => new('a' + rune.Value - 0x1F1E6), // the letters that make flags
        _ => Letters.TryGetValue(rune.Value, out var latin) ? new(latin) : rune,
    };
}
