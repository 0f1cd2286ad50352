using System.Text;
using System.Text.RegularExpressions;
using ChitChatz.Protocol;
using Xunit;
using ErrorCode = ChitChatz.Protocol.ErrorCode; // Orleans has one too

namespace ChitChatz.Tests.Protocol;

public partial class WireTableTests
{
    [Fact]
    public void ErrorCodes_WhenListed_AreAllInTheTableOnceAndReadable()
    {
        Assert.Equal(Rows<ErrorCode>(typeof(ErrorCodes)).ToHashSet(), [.. ErrorCodes.All]);
        Assert.Equal(ErrorCodes.All.Count, ErrorCodes.All.Select(code => code.Name).Distinct().Count());
        Assert.All(ErrorCodes.All, code =>
        {
            Assert.Matches(Word(), code.Name);
            Assert.NotEmpty(code.Message);
            Assert.Equal(new ProtocolError(code, code.Message), code.Error);
            Assert.Equal(code.Name, code.ToString());
            Assert.Contains(code.Name, code.Error.ToString());
        });
    }

    [Theory]
    [InlineData("bad_json", true, false)]
    [InlineData("bad_request", true, false)]
    [InlineData("identity_mismatch", true, false)]
    [InlineData("forbidden", true, false)]
    [InlineData("no_token", false, false)]
    [InlineData("not_in_room", false, false)]
    [InlineData("name_taken", false, true)]
    [InlineData("rate_limited", false, true)]
    [InlineData("overloaded", false, true)]
    public void ErrorCodes_WhenRefused_CountAsTheProtocolSays(string name, bool violation, bool retry)
    {
        var code = Assert.Single(ErrorCodes.All, code => code.Name == name);
        Assert.Equal((violation, retry), (code.Violation, code.Retry));
    }

    [Fact]
    public void ErrorCodes_WhenTheFirstServerHadTheText_KeepIt()
    {
        Assert.Equal("You are not in a room", ErrorCodes.NotInRoom.Message);
        Assert.Equal("Ok bye", ErrorCodes.Goodbye.Message);
        Assert.Equal("Invalid input", ErrorCodes.BadRequest.Message);
    }

    [Fact]
    public void ErrorCode_WhenCopiedWithAnotherText_GivesThatText()
    {
        var copy = ErrorCodes.NoToken with { Message = "other" };
        Assert.Equal("other", copy.Error.Message);
        Assert.Equal(ErrorCodes.NoToken, copy); // one name, one row
        Assert.NotEqual(ErrorCodes.NoToken, ErrorCodes.InvalidToken);
        Assert.Equal("why", ErrorCodes.NoToken.Because("why").Message);
    }

    [Fact]
    public void CloseCodes_WhenListed_AreThoseOfTheProtocol()
    {
        Assert.Equal(
            [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1011, 1012, 4001, 4002, 4003, 4008, 4029],
            CloseCodes.All.Select(code => code.Status));
        Assert.Equal(Rows<CloseCode>(typeof(CloseCodes)).ToHashSet(), [.. CloseCodes.All]);
        Assert.All(CloseCodes.All, code => Assert.InRange(Encoding.UTF8.GetByteCount(code.Reason), 1, 123));
        Assert.Equal([1001, 1011, 1012, 4001, 4002, 4008], CloseCodes.All.Where(code => code.Reconnect).Select(code => code.Status));
    }

    private static IEnumerable<T> Rows<T>(Type table) => table.GetFields().Select(field => field.GetValue(null)).OfType<T>();

    [GeneratedRegex("^[a-z]+(_[a-z]+)*$")]
    private static partial Regex Word();
}
