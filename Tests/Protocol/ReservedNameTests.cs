using ChitChatz.Protocol;
using Xunit;

namespace ChitChatz.Tests.Protocol;

public class ReservedNameTests
{
    private static readonly NameRules Rules = new(NameRules.DefaultReserved);

    [Theory]
    [InlineData("Admin")]
    [InlineData("SERVER")]
    [InlineData("system")]
    [InlineData("Ｓｅｒｖｅｒ")]
    [InlineData("Ѕerver")]
    [InlineData("ЅЕRVЕR")]
    [InlineData("S e r v e r")]
    [InlineData("Server.")]
    [InlineData(" server ")]
    [InlineData("[Server]")]
    [InlineData("Server ✓")]
    [InlineData("Server!")]
    [InlineData("@admin")]
    [InlineData("$erver")]
    [InlineData("S-e_r·v.e/r")]
    [InlineData("Sérvêr")]
    [InlineData("s3rver")]
    [InlineData("5ystem")]
    [InlineData("4dm1n")]
    [InlineData("adm!n")]
    [InlineData("admın")]
    [InlineData("ADMİN")]
    [InlineData("аdmіn")]
    [InlineData("ΑDΜΙΝ")]
    [InlineData("ᴀᴅᴍɪɴ")]
    [InlineData("adrnin")]
    [InlineData("ⓐⓓⓜⓘⓝ")]
    [InlineData("🅐🅓🅜🅘🅝")]
    [InlineData("🅰🅳🅼🅸🅽")]
    [InlineData("🇦 🇩 🇲 🇮 🇳")]
    [InlineData("𝕒𝕕𝕞𝕚𝕟")]
    [InlineData("r00t")]
    [InlineData("ᎠᎠmin", false)]
    [InlineData("Ꭺdmin")]
    [InlineData("Moderator 🛡️")]
    public void CheckUser_WhenItLooksLikeAReservedName_Refuses(string name, bool refused = true)
    {
        var error = Rules.CheckUser(name, out var canonical);
        Assert.Equal(refused ? ErrorCodes.NameReserved : null, error?.Code);
        Assert.Equal(refused, canonical == default);
        Assert.Null(NameRules.CheckRoom(name, out _));
    }

    [Fact]
    public void CheckUser_WhenTheListIsTheOperators_UsesThat()
    {
        var rules = new NameRules(["Fußball Bot", "..."]);
        Assert.Equal(ErrorCodes.NameReserved, rules.CheckUser("FUßBALL-B0T", out _)?.Code);
        Assert.Null(rules.CheckUser("admin", out _));
        Assert.Null(rules.CheckUser("???", out _)); // a reserved name without letters reserves nothing
    }

    [Fact]
    public void DefaultReserved_WhenChecked_IsRefusedInEveryCase() => Assert.All(NameRules.DefaultReserved, name =>
    {
        Assert.Equal(ErrorCodes.NameReserved, Rules.CheckUser(name, out _)?.Code);
        Assert.Equal(ErrorCodes.NameReserved, Rules.CheckUser(name.ToUpperInvariant(), out _)?.Code);
    });
}
