using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace ChitChatz.Benchmarks.Micro;

/// <summary>How the benchmarks are run.</summary>
internal static class MicroConfig
{
    /// <summary>
    /// Each benchmark in a process of its own, for some seconds: all of them take minutes and not the best part of an hour. All are in one
    /// table, which has the median. Options such as <c>--job medium</c> replace the times.
    /// </summary>
    public static IConfig Measuring => ManualConfig.Create(DefaultConfig.Instance)
        .AddJob(Job.Default.WithLaunchCount(1).WithWarmupCount(20).WithIterationCount(15).WithIterationTime(TimeInterval.FromMilliseconds(100)).AsDefault())
        .AddColumn(StatisticColumn.Median)
        .HideColumns(Column.Error, Column.StdDev, Column.RatioSD, Column.Gen0, Column.Gen1, Column.Gen2, Column.Job, Column.InvocationCount, Column.UnrollFactor)
        .WithArtifactsPath(Path.Combine("artifacts", "micro"))
        .WithOptions(ConfigOptions.JoinSummary);

    /// <summary>Each benchmark once, in this process: does it run?</summary>
    /// <param name="log">Takes what BenchmarkDotNet says.</param>
    public static IConfig Quick(ILogger log) => ManualConfig.CreateEmpty()
        .AddLogger(log)
        .AddColumnProvider(DefaultColumnProviders.Instance)
        .AddJob(Job.Dry.WithToolchain(InProcessEmitToolchain.Instance))
        .WithArtifactsPath(Path.Combine("artifacts", "micro"))
        .WithOptions(ConfigOptions.DisableLogFile);
}
