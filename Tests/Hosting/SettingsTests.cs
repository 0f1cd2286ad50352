using ChitChatz.Hosting.Configuration;
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
