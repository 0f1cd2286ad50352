using ChitChatz.Gateway.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ChitChatz.Tests.Gateway.Identity;

public sealed class SigningKeysTests
{
    private const string Other = "Zk1uQwE7rT9yU3iO5pA2sD4fG6hJ8kL0zX1cV3bN5mQ=";

    [Fact]
    public void J18_Verify_WhenSecretWasRotated_TakesTheOldOneUntilItIsGone()
    {
        using var before = new TokenTestBed();
        using var overlap = new TokenTestBed(settings => (settings.Secret, settings.PreviousSecrets) = (Other, [TokenTestBed.Secret]));
        using var after = new TokenTestBed(settings => settings.Secret = Other);
        var old = before.Tokens.Issue(TokenTestBed.Anna, null);

        Assert.Equal(TokenStatus.Valid, overlap.Verify(old));
        Assert.Equal(TokenStatus.Valid, after.Verify(overlap.Tokens.Issue(TokenTestBed.Anna, null)));
        Assert.Equal(TokenStatus.Invalid, before.Verify(overlap.Tokens.Issue(TokenTestBed.Anna, null)));
        Assert.Equal(TokenStatus.Invalid, after.Verify(old));
    }

    [Fact]
    public void J18_Verify_WhenOldSecretIsRemovedWhileRunning_RefusesItAtOnce()
    {
        var configuration = Configuration(("Jwt:Secret", Other), ("Jwt:PreviousSecrets:0", TokenTestBed.Secret));
        var settings = new JwtSettings { Secret = Other, PreviousSecrets = [TokenTestBed.Secret] };
        using var keys = new SigningKeys(settings, "/nonexistent", configuration, NullLogger<SigningKeys>.Instance);
        using var before = new TokenTestBed();
        var tokens = new TokenService(keys, Options.Create(settings), before.Time);
        var old = TokenTestBed.Bytes(before.Tokens.Issue(TokenTestBed.Anna, null));
        var connection = new ConnectionToken(tokens);
        Assert.True(connection.Check(old).IsValid);

        configuration["Jwt:PreviousSecrets:0"] = "";
        configuration.Reload();

        Assert.Equal(TokenStatus.Invalid, tokens.Verify(old).Status);
        Assert.Equal(TokenStatus.Invalid, connection.Check(old).Status);
    }

    [Fact]
    public void Reload_WhenTheNewSecretIsWeak_KeepsTheOldOne()
    {
        var configuration = Configuration(("SECRET", Other));
        using var keys = new SigningKeys(new JwtSettings { Secret = Other }, "/nonexistent", configuration, NullLogger<SigningKeys>.Instance);
        var before = keys.Current.Id;

        configuration["SECRET"] = "short";
        configuration.Reload();

        Assert.Equal(before, keys.Current.Id);
    }

    [Fact]
    public void Reload_WhenTheSecretIsAnother_SignsWithIt()
    {
        var configuration = Configuration(("SECRET", Other));
        using var keys = new SigningKeys(new JwtSettings { Secret = Other }, "/nonexistent", configuration, NullLogger<SigningKeys>.Instance);
        var before = keys.Current.Id;

        configuration["SECRET"] = TokenTestBed.Secret;
        configuration.Reload();

        Assert.NotEqual(before, keys.Current.Id);
        Assert.Null(keys.Find(before));
    }

    [Fact]
    public void Tokens_WhenThereIsNoSecret_AreSharedThroughTheKeyFile()
    {
        using var folder = new TemporaryFolder();
        var settings = new JwtSettings();
        using var first = new SigningKeys(settings, folder.Path, null, NullLogger<SigningKeys>.Instance);
        using var second = new SigningKeys(settings, folder.Path, null, NullLogger<SigningKeys>.Instance);
        var time = new FakeTimeProvider();

        var token = new TokenService(first, Options.Create(settings), time).Issue(TokenTestBed.Anna, null);

        Assert.True(new TokenService(second, Options.Create(settings), time).Verify(TokenTestBed.Bytes(token)).IsValid);
    }

    private static IConfigurationRoot Configuration(params (string Key, string Value)[] values) =>
        new ConfigurationBuilder().AddInMemoryCollection(values.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value))).Build();
}
