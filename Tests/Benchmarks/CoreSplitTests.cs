using ChitChatz.Benchmarks.Suite;

namespace ChitChatz.Tests.Benchmarks;

public sealed class CoreSplitTests
{
    [Theory]
    [InlineData("0-3", "3", "0,1,2", "3")]
    [InlineData("0-7", "3,7", "0,1,2,4,5,6", "3,7")]
    [InlineData("0-3", "2-3", "0,1", "2,3")]
    [InlineData("2,4,6-7", "7", "2,4,6", "7")]
    public void Of_WithFourCoresOrMore_GivesTheLastOneToTheLoad(string allowed, string siblings, string servers, string load)
    {
        var split = CoreSplit.Of(CoreSplit.Parse(allowed), CoreSplit.Parse(siblings));

        Assert.Equal(servers, split.Servers);
        Assert.Equal(CoreSplit.Parse(load), split.Load);
    }

    [Theory]
    [InlineData("0", "0")]
    [InlineData("0-1", "1")]
    [InlineData("0-2", "2")]
    [InlineData("0-3", "0-3")]
    public void Of_WithFewer_LetsAllShareAll(string allowed, string siblings)
    {
        var split = CoreSplit.Of(CoreSplit.Parse(allowed), CoreSplit.Parse(siblings));

        Assert.Null(split.Servers);
        Assert.Empty(split.Load);
        Assert.Contains("share", split.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OnLoadCoresAsync_WithCores_RunsOnThemAlone()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux only");
        CoreSplit split = new(Servers: null, Load: [CoreSplit.Parse(AllowedHere())[0]], Text: "");

        var allowed = await split.OnLoadCoresAsync(AllowedHere);

        Assert.Equal(split.Load, CoreSplit.Parse(allowed));
    }

    private static string AllowedHere() =>
        File.ReadLines("/proc/thread-self/status").First(static line => line.StartsWith("Cpus_allowed_list:", StringComparison.Ordinal)).Split(':')[1];
}
