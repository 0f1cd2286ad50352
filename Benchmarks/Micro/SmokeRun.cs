using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace ChitChatz.Benchmarks.Micro;

/// <summary>Runs each benchmark once and says which ones broke; no time counts. The last line is the sum.</summary>
internal static class SmokeRun
{
    public static int Run(TextWriter output)
    {
        AccumulationLogger log = new();
        var (passed, failed) = (0, 0);
        foreach (Summary summary in BenchmarkRunner.Run(typeof(SmokeRun).Assembly, MicroConfig.Quick(log)))
        {
            foreach (var error in summary.ValidationErrors.Where(static error => error.IsCritical))
            {
                output.WriteLine($"FAILED  {error.Message}");
                failed++;
            }

            foreach (BenchmarkReport report in summary.Reports)
            {
                var benchmark = report.BenchmarkCase;
                output.WriteLine($"{(report.Success ? "ok" : "FAILED"),-8}{benchmark.Descriptor.GetFilterName()} {benchmark.Parameters.PrintInfo}".TrimEnd());
                _ = report.Success ? passed++ : failed++;
            }
        }

        if (failed > 0)
            output.WriteLine(log.GetLog());
        output.WriteLine($"{passed} passed, {failed} failed");
        return failed == 0 && passed > 0 ? 0 : 1;
    }
}
