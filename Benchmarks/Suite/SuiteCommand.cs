using System.Runtime.InteropServices;
using ChitChatz.Chaos.Processes;

namespace ChitChatz.Benchmarks.Suite;

/// <summary>The whole of <c>Benchmarks/run</c> after the build: measures, and writes what came out.</summary>
internal static class SuiteCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        if (SuiteOptions.Read(args, out var failure) is not { } options)
        {
            Console.Error.WriteLine($"{failure}\n{SuiteOptions.Usage}");
            return 2;
        }

        await using Bench bench = new();
        var page = bench.PathOf("docs", "benchmarks.md");
        // Before the hours that it takes, and not after them.
        if (!options.Quick && ResultPage.Check(page) is { } reason)
        {
            Console.Error.WriteLine(reason);
            return 2;
        }

        using CancellationTokenSource stop = new();
        void OnSignal(PosixSignalContext signal)
        {
            // The first time all that was started is stopped; the second time the kernel ends it, with all that it started.
            signal.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        }

        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        var cores = CoreSplit.Here();
        Console.Out.WriteLine(cores.Text);
        BoundProcess.Cores = cores.Servers;
        SuiteRun run = new(options, cores, bench, Console.Out, stop.Token);
        await run.RunAsync();
        if (stop.IsCancellationRequested)
        {
            Console.Error.WriteLine("Interrupted: nothing is written.");
            return 130;
        }

        if (!options.Quick)
            Write(options, run.Results, cores, bench, page);
        Console.Out.WriteLine($"{run.Results.Passed} passed, {run.Results.Failed} failed");
        return run.Results.Failed == 0 && run.Results.Passed > 0 ? 0 : 1;
    }

    private static void Write(SuiteOptions options, Results results, CoreSplit cores, Bench bench, string page)
    {
        var machine = MachineFacts.Here(bench.Root);
        var raw = bench.PathOf("artifacts", "benchmarks.json");
        Directory.CreateDirectory(Path.GetDirectoryName(raw)!);
        File.WriteAllText(raw, results.ToJson(machine));

        new ResultPage(options, results, machine, cores, bench.PathOf("docs", "images", "benchmarks")).WriteInto(page);
        Console.Out.WriteLine($"Written: {page}, its charts, and {raw}");
    }
}
