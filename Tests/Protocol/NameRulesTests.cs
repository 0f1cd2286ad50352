using System.Text;
using ChitChatz.Protocol;
using Xunit;

namespace ChitChatz.Tests.Protocol;

public class NameRulesTests
{
    private static readonly NameRules Rules = new(NameRules.DefaultReserved);

    [Theory]
    [InlineData("ann")]
    [InlineData("user-3f2504e0-4f89-11d3-9a0c-0305e82c3301")]
    [InlineData("order:42")]
    [InlineData("a@b.c")]
    [InlineData("C++")]
    [InlineData("Q&A")]
    [InlineData("Zoë")]
    [InlineData("ab>?~")]
    [InlineData("日本")]
    [InlineData("O'Brien \"Bob\" / \\ | %00 ../ ';--")]
    [InlineData("...")]
    [InlineData("5")]
    [InlineData("Ünï çødé 1")]
    [InlineData("עברית")]
    [InlineData("العربية")]
    [InlineData("हिन्दी")]
    [InlineData("ไทย")]
    [InlineData("தமிழ்")]
    [InlineData("ශ්\u200Dරී")] // ZWJ after a virama
    [InlineData("क्\u200Cष")] // ZWNJ after a virama
    [InlineData("می\u200Cخواهم")] // ZWNJ between joining letters
    [InlineData("کار\u200Cها")] // also behind a letter that does not join the next one anyway
    [InlineData("اشیاء\u200Cها")] // or joins none
    [InlineData("بّ\u200Cب")] // with a mark between
    [InlineData("❤️")]
    [InlineData("©️ ann")]
    [InlineData("👨‍👩‍👧‍👦")]
    [InlineData("👩🏽‍💻")]
    [InlineData("🏳️‍🌈")]
    [InlineData("👁️‍🗨️")]
    [InlineData("🇩🇪🇯🇵")]
    [InlineData("1️⃣ #️⃣ *️⃣")]
    [InlineData("e\u0323\u0301\u0302\u0308")] // ẹ takes one of the four marks in
    [InlineData("\U00010400\U0001D400")]
    [InlineData("Admin2")]
    [InlineData("Serverless")]
    [InlineData("Rooty")]
    public void CheckUser_WhenAllowed_KeepsTheName(string name)
    {
        Assert.Null(Rules.CheckUser(name, out var canonical));
        Assert.Equal(name.Normalize(), canonical.Display);
        Assert.NotEmpty(canonical.Key);
        Assert.Null(NameRules.CheckRoom(name, out var room));
        Assert.Equal(canonical, room);
    }

    [Theory]
    [InlineData("ann ", "ann")]
    [InlineData(" \t\r\n\u00A0\u3000ann\u2028", "ann")]
    [InlineData("Zoe\u0308", "Zoë")]
    [InlineData(" a b ", "a b")]
    [InlineData("\u212B", "Å")]
    [InlineData("\u1100\u1161\u11A8", "각")]
    public void CheckUser_WhenNotTrimmedOrComposed_DoesThat(string name, string display)
    {
        Assert.Null(Rules.CheckUser(name, out var canonical));
        Assert.Equal(display, canonical.Display);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("\t\n\u3000")]
    [InlineData("a  b")]
    [InlineData("a\u00A0b")]
    [InlineData("a\u3000b")]
    [InlineData("a\tb")]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    [InlineData("a\u001b[31mb")]
    [InlineData("a\u0085b")]
    [InlineData("a\u2028b")]
    [InlineData("a\u200Bb")]
    [InlineData("Server\u200B")]
    [InlineData("\u202EresU")]
    [InlineData("a\u2066b\u2069")]
    [InlineData("a\u200Eb")]
    [InlineData("a\u061Cb")]
    [InlineData("a\u00ADb")]
    [InlineData("a\u2060b")]
    [InlineData("a\uFEFFb")]
    [InlineData("a\u034Fb")]
    [InlineData("a\u180Bb")]
    [InlineData("\u3164")]
    [InlineData("\u115F\u1160")]
    [InlineData("\uFFA0")]
    [InlineData("\u2800")]
    [InlineData("\uFFFC")]
    [InlineData("\U0001D159")]
    [InlineData("a\uFE0Eb")]
    [InlineData("a\U000E0100")]
    [InlineData("a\U000E0061")]
    [InlineData("🏴\U000E0067\U000E0062\U000E007F")] // a flag of tags
    [InlineData("a\uE000")] // private use
    [InlineData("a\U000F0000")]
    [InlineData("a\u0378")] // not assigned
    [InlineData("a\uFFFE")]
    [InlineData("a\uFFFF")]
    [InlineData("\u0301")]
    [InlineData("\u0301\u0302")]
    [InlineData("\u0301a")]
    [InlineData("a \u0301")]
    [InlineData("\u20E3")]
    [InlineData("x\u0321\u0322\u0323\u0324\u0325")]
    [InlineData("a\uFE0F")] // VS16 after a letter
    [InlineData("1\uFE0F")]
    [InlineData("\uFE0F")]
    [InlineData("❤\uFE0F\uFE0F")]
    [InlineData("a\u200Db")]
    [InlineData("\u200Da")]
    [InlineData("a\u200D")]
    [InlineData("👩\u200D")]
    [InlineData("👩\u200Da")]
    [InlineData("a\u200D👩")]
    [InlineData("👩\u200D\u200D💻")]
    [InlineData("🇩\u200D🇪")]
    [InlineData("a\u200Cb")]
    [InlineData("ب\u200C")]
    [InlineData("\u200Cب")]
    [InlineData("ب\u200C\u200Cب")]
    [InlineData("5\u200Cب")]
    [InlineData("ب\u200Ca")]
    public void CheckUserAndRoom_WhenRefused_SayWhy(string name)
    {
        var error = Rules.CheckUser(name, out var canonical);
        Assert.Equal(ErrorCodes.BadName, error?.Code);
        Assert.Equal(default, canonical);
        error = NameRules.CheckRoom(name, out canonical);
        Assert.Equal(ErrorCodes.BadRoom, error?.Code);
        Assert.Equal(default, canonical);
    }

    [Fact]
    public void CheckUser_WhenHalfACharacter_Refuses() =>
        Assert.All(["\ud800", "a\udc00", "\udc00\ud800", "👩\ud83d", "\ud800a"], name => // an attribute would not keep them
            Assert.Equal(ErrorCodes.BadName, Rules.CheckUser(name, out _)?.Code));

    [Theory]
    [InlineData("<b>")]
    [InlineData("a<")]
    [InlineData("\u226E")] // ≮, a letter of its own, is allowed
    public void CheckUser_WhenLessThan_IsRefusedForUsersOnly(string name)
    {
        Assert.Equal(name.Contains('<') ? ErrorCodes.BadName : null, Rules.CheckUser(name, out _)?.Code);
        Assert.Null(NameRules.CheckRoom(name, out _));
    }

    [Theory]
    [InlineData("x", 64, 128)]
    [InlineData(">", 64, 128)]
    [InlineData("é", 64, 128)]
    [InlineData("日", 42, 85)] // 3 bytes each
    [InlineData("😀", 32, 64)] // 4 bytes each
    [InlineData("🇩🇪", 16, 32)] // one grapheme, 8 bytes
    [InlineData("x\u0323\u0301", 25, 51)] // 5 bytes each
    public void Check_WhenLengthReachesTheLimit_AcceptsThatAndNoMore(string unit, int user, int room)
    {
        Assert.Null(Rules.CheckUser(Repeat(unit, user), out _));
        Assert.Equal(ErrorCodes.BadName, Rules.CheckUser(Repeat(unit, user + 1), out _)?.Code);
        Assert.Null(NameRules.CheckRoom(Repeat(unit, room), out _));
        Assert.Equal(ErrorCodes.BadRoom, NameRules.CheckRoom(Repeat(unit, room + 1), out _)?.Code);
    }

    [Fact]
    public void Check_WhenMegabytesOfMarks_RefusesAtOnce()
    {
        var name = "a" + new string('\u0301', 5_000_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(ErrorCodes.BadName, Rules.CheckUser(name, out _)?.Code);
        // Normalising it would take ten million bytes; what the runtime itself takes at a first call is some thousands.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public void Check_WhenPaddedWithBlanks_LooksAtTheRestOnly()
    {
        Assert.Null(Rules.CheckUser(new string(' ', 10_000) + "ann", out var canonical));
        Assert.Equal("ann", canonical.Display);
    }

    private static string Repeat(string unit, int count) => new StringBuilder().Insert(0, unit, count).ToString();
}
