using System.Diagnostics;
using ChitChatz.Benchmarks.Measuring;

namespace ChitChatz.Tests.Benchmarks;

/// <summary>A server that dies under its load is a fault that its members name, and no end of the suite.</summary>
public sealed class EndedServerTests
{
    [Fact]
    public async Task CpuTimesAndMemory_OfAProcessThatHasEnded_AreNotMeasured()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux only");
        using var ended = Process.Start("true");
        await ended.WaitForExitAsync(TestContext.Current.CancellationToken);

        var cpu = CpuTimes.Now([Environment.ProcessId, ended.Id]);

        Assert.Equal(double.NaN, cpu.Server);
        Assert.True(cpu.Own > 0, "no time of this process");
        Assert.Equal(new Memory(double.NaN, double.NaN), Memory.Of([Environment.ProcessId, ended.Id]));
    }
}
