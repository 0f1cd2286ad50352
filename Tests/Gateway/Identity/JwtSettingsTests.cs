using System.Security.Cryptography;
using ChitChatz.Gateway.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace ChitChatz.Tests.Gateway.Identity;

public sealed class JwtSettingsTests
{
    [Fact]
    public void Failures_WhenDefault_AreNone() => Assert.Empty(new JwtSettings().Failures());

    [Theory]
    [InlineData("secret")]
    [InlineData("")]
    [InlineData("q3Vn0yTkX8mZ1bRfW6uJc2LhPdA9sGe")]
    public void J5_Failures_WhenSecretIsShort_NameItsLengthAndTheRemedy(string secret)
    {
        var failure = Assert.Single(new JwtSettings { Secret = secret }.Failures());

        Assert.Contains($"it has {secret.Length}.", failure, StringComparison.Ordinal);
        Assert.Contains("openssl rand -base64 32", failure, StringComparison.Ordinal);
        Assert.Contains("SECRET", failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("00000000000000000000000000000000")]
    [InlineData("abababababababababababababababababababab")]
    [InlineData("abcdefghijklmnopqrstuvwxyz0123456789")]
    [InlineData("01234567890123456789012345678901")]
    [InlineData("your-256-bit-secret-your-256-bit-secret")]
    [InlineData("a-string-secret-at-least-256-bits-long")]
    [InlineData("this is my super secret signing key")]
    [InlineData("changeme-changeme-changeme-changeme!")]
    [InlineData("chitchatz-development-secret-key-please-change")]
    [InlineData("qwertyuiopasdfghjklzxcvbnmqwertyuiop")]
    [InlineData("SuperSecretPasswordForJwtTokens12345")]
    public void J5_Failures_WhenSecretIsLongButGuessable_RefuseItWithoutRepeatingIt(string secret)
    {
        var failure = Assert.Single(new JwtSettings { Secret = secret }.Failures());

        Assert.DoesNotContain(secret, failure, StringComparison.Ordinal);
        Assert.Contains("openssl rand -base64 32", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Failures_WhenSecretIsRandom_AreNone()
    {
        // What the usual commands make: openssl rand -base64 32, -hex 16 and -hex 32, uuidgen. The same ones each time: of what is drawn anew one in half a
        // million of the shortest would be refused.
        Random random = new(20261127);
        for (var i = 0; i < 2000; i++)
        {
            Assert.Null(SecretStrength.Weakness(Convert.ToBase64String(Draw(32))));
            Assert.Null(SecretStrength.Weakness(Convert.ToHexStringLower(Draw(16))));
            Assert.Null(SecretStrength.Weakness(Convert.ToHexStringLower(Draw(32))));
            Assert.Null(SecretStrength.Weakness(new Guid(Draw(16)).ToString()));
        }

        byte[] Draw(int bytes)
        {
            var drawn = new byte[bytes];
            random.NextBytes(drawn);
            return drawn;
        }
    }

    [Fact]
    public void Failures_WhenSeveralValuesAreWrong_ListsThemAll()
    {
        var settings = new JwtSettings { Secret = "x", PreviousSecrets = ["y"], Issuer = "", Audience = "\n", LifetimeMinutes = 0, ReclaimHours = -1, ClockSkewSeconds = 301 };

        Assert.Equal(7, settings.Failures().Count());
    }

    [Fact]
    public void Settings_WhenSecretComesAsPlainSECRET_HaveIt() =>
        Assert.Equal(TokenTestBed.Secret, Settings(("SECRET", TokenTestBed.Secret)).Secret);

    [Fact]
    public void Settings_WhenSecretIsEmpty_HaveNone() => Assert.Null(Settings(("SECRET", ""), ("Jwt:Secret", "")).Secret);

    [Fact]
    public void Settings_WhenPlainSECRETIsShort_AreRefused()
    {
        var refused = Assert.Throws<OptionsValidationException>(() => Settings(("SECRET", "hunter2")));

        Assert.Contains("it has 7", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_WhenAClusterHasNoSecret_AreRefused()
    {
        Assert.Throws<OptionsValidationException>(() => Settings(("Cluster:Provider", "Postgres")));
        Assert.NotNull(Settings(("Cluster:Provider", "Postgres"), ("SECRET", TokenTestBed.Secret)).Secret);
    }

    private static JwtSettings Settings(params (string Key, string Value)[] values)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(values.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value))).Build();
        using var provider = new ServiceCollection()
            .AddSingleton<IConfiguration>(configuration)
            .AddLogging()
            .AddChitChatzIdentity(_ => "/nonexistent")
            .BuildServiceProvider();
        return provider.GetRequiredService<IOptions<JwtSettings>>().Value;
    }
}
