using ChitChatz.Gateway.Handshake;
using ChitChatz.Hosting.Configuration;
using ChitChatz.Hosting.Start;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace ChitChatz.Tests.Hosting;

public sealed class SettingsTests
{
    [Fact]
    public void Settings_WhenNothingIsSet_AreValid()
    {
        Assert.Empty(new SiloSettings().Failures());
        Assert.Empty(new ClusterSettings().Failures());
        Assert.Empty(new DataSettings().Failures());
    }

    [Theory]
    [InlineData("Silo:Port", "0")]
    [InlineData("Silo:GatewayPort", "65536")]
    [InlineData("Silo:GatewayPort", "11111")]
    [InlineData("Silo:Port", "one")]
    [InlineData("Silo:Prot", "1")]
    public void Silo_WhenAValueIsWrong_NamesIt(string key, string value) => Assert.Contains(Failures<SiloSettings>((key, value)), failure => failure.Contains(key, StringComparison.Ordinal));

    [Theory]
    [InlineData("Cluster:Provider", "Postgres")]
    [InlineData("Cluster:Timings:ProbeTimeout", "00:00:00")]
    [InlineData("Cluster:Timings:ProbeTimeout", "soon")]
    [InlineData("Cluster:Timings:Nonsense", "1")]
    public void Cluster_WhenAValueIsWrong_NamesIt(string key, string value) =>
        Assert.Contains(Failures<ClusterSettings>((key, value)), failure => failure.Contains(key.Split(':')[^1], StringComparison.Ordinal));

    [Fact]
    public void Settings_WhenSeveralValuesAreWrong_ListsAll() =>
        Assert.Equal(2, Failures<SiloSettings>(("Silo:Port", "x"), ("Silo:GatewayPort", "y")).Length);

    [Fact]
    public void Settings_WhenNamesFormsAndRangesAreWrong_ListsAllOfThem()
    {
        string[] failures = Failures<ClusterSettings>(
            ("Cluster:Nonsense", "1"), ("Cluster:ClusterId", new string('x', 151)), ("Cluster:GrainDirectory", "Global"),
            ("Cluster:Timings:Nonsense", "1"), ("Cluster:Timings:ProbeTimeout", "soon"), ("Cluster:Timings:ResponseTimeout", "1 s"), ("Cluster:Timings:ClientDropTimeout", "00:06:00"));

        Assert.Equal(
            [
                "Cluster:ClusterId must have 1 to 150 characters; it has 151.",
                "Cluster:GrainDirectory must be Distributed or Local; it is 'Global'.",
                "Cluster:Nonsense is not a setting; Cluster has Provider, ConnectionString, ClusterId, ServiceId, GrainDirectory, Timings.",
                "Cluster:Timings:ClientDropTimeout must be from 00:00:00.1 to 00:05:00; it is 00:06:00.",
                "Cluster:Timings:Nonsense is not a setting; Cluster:Timings has " + string.Join(", ", typeof(ClusterTimings).GetProperties().Select(static timing => timing.Name)) + ".",
                "Cluster:Timings:ProbeTimeout must be a time such as 00:00:05 (hours:minutes:seconds); it is 'soon'.",
                "Cluster:Timings:ResponseTimeout must be a time such as 00:00:05 (hours:minutes:seconds); it is '1 s'.",
            ],
            failures.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Timings_WhenAProbeHasMoreTimeThanItMay_NamesBothSettings() =>
        Assert.Equal(
            "Cluster:Timings:ProbeTimeout must not be above Cluster:Timings:MaxProbeTimeout; they are 00:00:03 and 00:00:01.7500000. Set both.",
            Assert.Single(Failures<ClusterSettings>(("Cluster:Timings:ProbeTimeout", "00:00:03"))));

    [Theory]
    [InlineData("Gateway:TrustedProxies", "10.0.0.1", "Gateway:TrustedProxies is a list: its first entry is Gateway:TrustedProxies:0.")]
    [InlineData("Gateway:TrustedProxies:0:1", "10.0.0.1", "Gateway:TrustedProxies:0 takes one value.")]
    [InlineData("Gateway:CookieIdentity:0", "true", "Gateway:CookieIdentity takes one value, not a list.")]
    public void Settings_WhenAListAndAValueAreMistaken_SaysWhichItIs(string key, string value, string expected) =>
        Assert.Equal(expected, Assert.Single(Failures<GatewaySettings>((key, value))));

    [Theory]
    [InlineData("Clustr:Provider", "Clustr:Provider is not a setting; is Cluster:Provider meant? (In the environment Cluster__Provider.)")]
    [InlineData("clutser:timings:x", "clutser:timings is not a setting; is Cluster:timings meant? (In the environment Cluster__timings.)")]
    [InlineData("Sil:Port", "Sil:Port is not a setting; is Silo:Port meant? (In the environment Silo__Port.)")]
    [InlineData("Clustr:Colour", null)]
    [InlineData("Files:Port", null)]
    [InlineData("Jwt:Secret", null)]
    [InlineData("Gateway:Port", null)]
    [InlineData("Silo:Prot", null)]
    [InlineData("Clustr", null)]
    public void Section_WhenItIsNearlyOneOfOurs_IsToldOnlyWithASettingOfThat(string key, string? expected)
    {
        KnownSection[] known = [new("Cluster", ["Provider", "Timings"]), new("Silo", ["Port"])];
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new(key, "1")]).Build();

        Assert.Equal(expected, MisspelledSections.Failures(configuration, known, except: []).SingleOrDefault());
    }

    [Fact]
    public void Settings_WhenAValueIsEmpty_KeepTheDefault() => Assert.Equal(11111, Bind<SiloSettings>(("Silo:Port", "")).Port);

    [Fact]
    public void Settings_WhenNested_AreBound() =>
        Assert.Equal(TimeSpan.FromSeconds(2), Bind<ClusterSettings>(("Cluster:Timings:ResponseTimeout", "00:00:02")).Timings.ResponseTimeout);

    private static string[] Failures<T>(params (string Key, string Value)[] values)
        where T : class, ISettings, new() =>
        [.. Assert.Throws<OptionsValidationException>(() => Bind<T>(values)).Failures];

    private static T Bind<T>(params (string Key, string Value)[] values)
        where T : class, ISettings, new()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(values.Select(value => KeyValuePair.Create(value.Key, (string?)value.Value)))
            .Build();
        using var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddSettings<T>().AddSettings<T>().BuildServiceProvider();
        return services.GetRequiredService<IOptions<T>>().Value;
    }
}
