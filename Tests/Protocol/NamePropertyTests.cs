using System.Globalization;
using System.Text;
using System.Text.Json;
using ChitChatz.Protocol;
using CsCheck;
using Xunit;

namespace ChitChatz.Tests.Protocol;

public class NamePropertyTests
{
    private static readonly NameRules Rules = new(NameRules.DefaultReserved);

    private static readonly string[] Odd =
    [
        " ", "-", ">", "?", "~", "<", "é", "e\u0301", "\u0301", "\u0345", "İ", "ı", "ſ", "ß", "ς", "日", "क", "\u094D", "\u200C", "\u200D", "ب",
        "ا", "😀", "👩", "\u2764", "\uFE0F", "\u20E3", "🏽", "🇩", "\u1100", "\u1161", "\uFB01", "\u212A", "\u00A8", "\u0378", "\uD800", "\uDC00",
    ];

    // Characters that meet each other's rules, and any others.
    private static readonly Gen<string> Piece = Gen.Frequency(
        (6, Gen.Char.AlphaNumeric.Select(unit => unit.ToString())),
        (4, Gen.Int[0, Odd.Length - 1].Select(at => Odd[at])),
        (2, Gen.Char.Select(unit => unit.ToString())),
        (1, Gen.Int[0x10000, 0x1FFFF].Select(char.ConvertFromUtf32)));

    private static readonly Gen<string> Names = Piece.Array[0, 90].Select(string.Concat);

    [Fact]
    public void CheckUser_WhenNameIsAny_NeverThrowsAndSettles() => Names.Sample(
        name =>
        {
            var error = Rules.CheckUser(name, out var once);
            if (error is not null)
            {
                Assert.Equal(default, once);
                Assert.InRange(error.Message.Length, 1, 100);
                return;
            }

            Assert.Null(Rules.CheckUser(once.Display, out var twice));
            Assert.Equal(once, twice);
            Assert.Equal(once.Display, once.Display.Normalize().Trim());
            Assert.InRange(new StringInfo(once.Display).LengthInTextElements, 1, WireLimits.MaxNameGraphemes);
            Assert.InRange(Encoding.UTF8.GetByteCount(once.Display), 1, WireLimits.MaxNameBytes);
            Assert.True(once.Key.IsNormalized(NormalizationForm.FormKC));
        },
        iter: 20_000);

    [Fact]
    public void CheckUser_WhenCaseOrFormChanges_KeepsTheKey() => Piece.Array[1, 12].Select(string.Concat).Sample(
        name =>
        {
            if (Rules.CheckUser(name, out var one) is null
                && Rules.CheckUser(one.Display.Normalize(NormalizationForm.FormD), out var decomposed) is null
                && Rules.CheckUser(one.Display.ToUpperInvariant(), out var upper) is null)
            {
                Assert.Equal(one.Key, decomposed.Key);
                Assert.Equal(one.Key, upper.Key);
            }
        },
        iter: 20_000);

    [Fact]
    public void CheckUserAndRoom_WhenNamesAreLongestWhenEscaped_LeaveRoomForATokenBelowTheLimit()
    {
        // Each character that costs six in JSON but one byte here, with marks in the bytes that are left.
        string[] units = [">", "?", "~\u0323", "x\u0323\u0301", "é", "日", "😀", "🇩🇪", "ب", "a\u0321\u0322\u0323\u0324"];
        var user = Longest(units, name => Rules.CheckUser(name, out var canonical) is null ? canonical.Display : null);
        var room = Longest(units, name => NameRules.CheckRoom(name, out var canonical) is null ? canonical.Display : null);
        Assert.Equal(64 * 6, Escaped(user) - 2);
        Assert.Equal(128 * 6, Escaped(room) - 2);
        Assert.InRange(TokenLength(user, room), 1500, WireLimits.MaxTokenBytes);

        // No accepted name costs more than these.
        Names.Sample(
            name =>
            {
                Assert.True(Rules.CheckUser(name, out var asUser) is not null || Escaped(asUser.Display) <= Escaped(user));
                Assert.True(NameRules.CheckRoom(name, out var asRoom) is not null || Escaped(asRoom.Display) <= Escaped(room));
            },
            iter: 5_000);
    }

    private static string Longest(string[] units, Func<string, string?> display)
    {
        var longest = "";
        foreach (var first in units)
        {
            foreach (var second in units)
            {
                for (var count = 0; count <= 128; count += 8)
                {
                    var name = string.Concat(Enumerable.Repeat(first, count));
                    while (display(name + second) is not null)
                    {
                        name += second;
                    }

                    longest = display(name) is { } allowed && Escaped(allowed) > Escaped(longest) ? allowed : longest;
                }
            }
        }

        return longest;
    }

    /// <summary>The length in JSON with all escaped that may have to be (PROTOCOL, "Token").</summary>
    private static int Escaped(string text) =>
        2 + text.Sum(unit => unit is '>' or '?' or '~' or '\u007f' or '"' or '\\' or '&' or '<' or '\'' or '+' or '`' || !char.IsAscii(unit) ? 6 : 1);

    private static int TokenLength(string user, string room)
    {
        var rest = JsonSerializer.Serialize(new
        {
            exp = 1_900_000_000,
            iat = 1_900_000_000,
            iss = "chitchatz",
            aud = "chitchatz",
            sub = new string('s', 128),
            jti = new string('j', 22),
        });
        var payload = rest.Length + "\"name\":,\"room\":,".Length + Escaped(user) + Escaped(room);
        return Base64Url("{\"alg\":\"HS256\",\"typ\":\"JWT\"}".Length) + 1 + Base64Url(payload) + 1 + Base64Url(32);
    }

    private static int Base64Url(int bytes) => (bytes * 4 + 2) / 3;
}
