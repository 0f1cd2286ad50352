using ChitChatz.Gateway.Limits;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace ChitChatz.Tests.Gateway.Limits;

public sealed class LimitsSettingsTests
{
    [Fact]
    public void Failures_WhenDefault_AreNone() => Assert.Empty(new LimitsSettings().Failures());

    [Fact]
    public void Failures_WhenAMessageCannotHoldItsText_NameBothSettings()
    {
        var failure = Assert.Single(new LimitsSettings { MessageBytes = (6 * 8000) + 4095 }.Failures());

        Assert.Contains("Limits:MessageBytes", failure, StringComparison.Ordinal);
        Assert.Contains("Limits:TextLength", failure, StringComparison.Ordinal);
        Assert.Contains("52096", failure, StringComparison.Ordinal);
        Assert.Empty(new LimitsSettings { MessageBytes = (6 * 8000) + 4096 }.Failures());
    }

    [Fact]
    public void Failures_WhenEveryNumberIsOutOfRange_NameEveryOne()
    {
        var settings = new LimitsSettings();
        var numbers = typeof(LimitsSettings).GetProperties().Where(property => property.PropertyType == typeof(int)).ToArray();
        foreach (var number in numbers)
            number.SetValue(settings, -1);

        var failures = settings.Failures().ToArray();

        Assert.True(numbers.Length >= 20);
        Assert.All(numbers, number => Assert.Contains(failures, failure => failure.StartsWith($"Limits:{number.Name} must be", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(nameof(LimitsSettings.ConnectionsPerIp))]
    [InlineData(nameof(LimitsSettings.NewConnectionsPerSecondPerIp))]
    [InlineData(nameof(LimitsSettings.RegistrationsPerMinute))]
    [InlineData(nameof(LimitsSettings.MessagesPerSecond))]
    [InlineData(nameof(LimitsSettings.JoinsPerSecond))]
    [InlineData(nameof(LimitsSettings.NewRoomsPerMinute))]
    [InlineData(nameof(LimitsSettings.ControlFramesPerSecond))]
    [InlineData(nameof(LimitsSettings.ViolationsPerMinute))]
    [InlineData(nameof(LimitsSettings.MaxConnections))]
    public void Failures_WhenALimitIsZero_AreNone(string setting)
    {
        var settings = new LimitsSettings();
        typeof(LimitsSettings).GetProperty(setting)!.SetValue(settings, 0);

        Assert.Empty(settings.Failures());
    }

    [Fact]
    public void Rates_WhenRateLimitsAreFalse_AreAllOff()
    {
        var settings = new LimitsSettings { RateLimits = false };

        Assert.All(
            new[] { settings.NewConnections, settings.Registrations, settings.Messages, settings.Joins, settings.NewRooms, settings.ControlFrames },
            rate => Assert.True(rate.IsOff));
        Assert.Equal(0, settings.OpenPerAddress);
        Assert.False(new LimitsSettings().Messages.IsOff);
    }

    [Fact]
    public void Settings_WhenConfigured_AreRead()
    {
        Assert.Equal(5, Settings(("Limits:MessagesPerSecond", "5")).MessagesPerSecond);
        Assert.ThrowsAny<Exception>(() => Settings(("Limits:MessagePerSecond", "5")));
        Assert.Throws<OptionsValidationException>(() => Settings(("Limits:TextLength", "0")));
    }

    private static LimitsSettings Settings(params (string Key, string Value)[] values)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(values.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value))).Build();
        using var provider = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddChitChatzLimits().BuildServiceProvider();
        return provider.GetRequiredService<IOptions<LimitsSettings>>().Value;
    }
}
