using System.Globalization;
using System.Text;
using ChitChatz.Protocol;
using Xunit;

namespace ChitChatz.Tests.Protocol;

public class NameKeyTests
{
    private static readonly NameRules Rules = new([]);

    [Theory]
    [InlineData("alice", "Alice", "ALICE", "alıce", "ALİCE", "ａｌｉｃｅ", "Ⓐⓛⓘⓒⓔ", "𝒜lice", "ali\u0307ce")]
    [InlineData("Zoë", "Zoe\u0308", "ZOË")]
    [InlineData("k", "K", "\u212A")]
    [InlineData("å", "Å", "\u212B")]
    [InlineData("σοφός", "ΣΟΦΌΣ", "σοφόσ")]
    [InlineData("file", "\uFB01le")]
    [InlineData("ß", "ẞ")]
    [InlineData("straſe", "strase")]
    [InlineData("❤", "❤️")]
    [InlineData("می\u200Cخواهم", "میخواهم")]
    [InlineData("کار\u200Cها", "کارها")]
    [InlineData("x2", "x²")]
    [InlineData("ꭰ", "Ꭰ")]
    [InlineData("𐐨", "𐐀")]
    public void Key_WhenNamesDifferInCaseOrForm_IsOne(params string[] names) => Assert.Single(names.Select(Key).Distinct());

    [Theory]
    [InlineData("ß", "ss")]
    [InlineData("O", "0")]
    [InlineData("alice", "аlice")] // Cyrillic
    [InlineData("#general", "general")]
    [InlineData("a b", "ab")]
    [InlineData("Zoë", "Zoe")]
    public void Key_WhenNamesOnlyLookAlike_Differs(string one, string other) => Assert.NotEqual(Key(one), Key(other));

    [Fact]
    public void Key_WhenTheCultureIsTurkish_IsTheSame()
    {
        var invariant = Key("TITLE Iıİi");
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("tr-TR");
            Assert.Equal(invariant, Key("TITLE Iıİi"));
            Assert.Equal("title iiii", invariant);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Key_WhenTakenAgainOfEachCharacter_StaysTheSame()
    {
        var accepted = 0;
        for (var value = 0; value <= 0x10FFFF; value++)
        {
            if (!Rune.IsValid(value) || NameRules.CheckRoom(new Rune(value).ToString(), out var once) is not null)
            {
                continue;
            }

            // The key is no name: it may hold what a name may not (the space in front of a spacing accent).
            accepted++;
            if (NameRules.CheckRoom(once.Key, out var twice) is null)
            {
                Assert.True(once.Key.Trim() == twice.Key, $"U+{value:X4}: {Escape(once.Key)}, then {Escape(twice.Key)}");
            }
        }

        Assert.InRange(accepted, 130_000, 200_000);
    }

    private static string Key(string name)
    {
        Assert.Null(Rules.CheckUser(name, out var canonical));
        return canonical.Key;
    }

    private static string Escape(string text) => string.Concat(text.Select(unit => $"\\u{(int)unit:x4}"));
}
