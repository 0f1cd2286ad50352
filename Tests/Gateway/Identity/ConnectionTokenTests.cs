using ChitChatz.Gateway.Identity;
using Xunit;

namespace ChitChatz.Tests.Gateway.Identity;

public sealed class ConnectionTokenTests : IDisposable
{
    private readonly TokenTestBed _bed = new();
    private readonly ConnectionToken _connection;

    public ConnectionTokenTests() => _connection = new ConnectionToken(_bed.Tokens);

    public void Dispose() => _bed.Dispose();

    [Fact]
    public void Check_WhenTheSameComesAgain_GivesTheSameClaims()
    {
        var token = TokenTestBed.Bytes(_bed.Tokens.Issue(TokenTestBed.Anna, "room"));

        Assert.Equal(_connection.Check(token), _connection.Check(token.ToArray()));
        Assert.True(_connection.Check(token).IsValid);
    }

    [Fact]
    public void Check_WhenTheSameComesAgainAfterItsEnd_IsExpired()
    {
        var token = TokenTestBed.Bytes(_bed.Tokens.Issue(TokenTestBed.Anna, null));
        Assert.True(_connection.Check(token).IsValid);

        _bed.Time.Advance(TimeSpan.FromMinutes(61));

        Assert.Equal(TokenStatus.Expired, _connection.Check(token).Status);
        Assert.Equal(TokenStatus.Expired, _connection.Recheck().Status);
    }

    [Fact]
    public void Check_WhenOneByteDiffers_VerifiesAgain()
    {
        var token = TokenTestBed.Bytes(_bed.Tokens.Issue(TokenTestBed.Anna, null));
        Assert.True(_connection.Check(token).IsValid);

        token[^1] ^= 1;

        Assert.Equal(TokenStatus.Invalid, _connection.Check(token).Status);
        Assert.True(_connection.Recheck().IsValid);
    }

    [Fact]
    public void Check_WhenTheCallersBufferIsUsedAgain_IsNotFooled()
    {
        var buffer = TokenTestBed.Bytes(_bed.Tokens.Issue(TokenTestBed.Anna, null));
        Assert.True(_connection.Check(buffer).IsValid);

        buffer.AsSpan().Fill((byte)'A');

        Assert.Equal(TokenStatus.Invalid, _connection.Check(buffer).Status);
    }

    [Fact]
    public void J12_Check_WhenTheTokenIsSomebodyElses_SaysWhoseAndKeepsTheFirst()
    {
        Assert.True(_connection.Check(TokenTestBed.Bytes(_bed.Tokens.Issue(TokenTestBed.Anna, null))).IsValid);

        var other = _connection.Check(TokenTestBed.Bytes(_bed.Tokens.Issue(TokenTestBed.Anna with { Sub = "bob" }, null)));

        Assert.Equal("bob", other.Claims.Sub);
        Assert.Equal(TokenTestBed.Anna.Sub, _connection.Recheck().Claims.Sub);
    }

    [Fact]
    public void Adopt_WhenTheConnectionStartsOver_KeepsTheNewToken()
    {
        _connection.Check(TokenTestBed.Bytes(_bed.Tokens.Issue(TokenTestBed.Anna, null)));

        _connection.Adopt(_bed.Tokens.Issue(TokenTestBed.Anna with { Sub = "bob" }, null));

        Assert.Equal("bob", _connection.Recheck().Claims.Sub);
    }

    [Fact]
    public void Recheck_WhenThereWasNone_IsInvalid() => Assert.Equal(TokenStatus.Invalid, _connection.Recheck().Status);
}
