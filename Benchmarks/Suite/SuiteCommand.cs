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
        var raw = bench.PathOf("artifacts", "benchmarks.json");
        IReadOnlyList<SuitePart> earlier = [];
        // Before the hours that it takes, and not after them.
        if (!options.Quick && (ResultPage.Check(page) ?? (options.Add ? SuitePart.TryRead(raw, out earlier) : null)) is { } reason)
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
        SuitePart part = new()
        {
            CommandLine = options.CommandLine,
            Machine = MachineFacts.Here(bench.Root),
            Cores = cores.Text,
            Rounds = options.Rounds,
            Seconds = options.Seconds,
            Scenarios = [.. options.Scenarios.Select(static scenario => scenario.Id)],
            Candidates = [.. options.Candidates.Select(static candidate => candidate.Id)],
        };
        SuiteRun run = new(options, part, cores, bench, Console.Out, stop.Token);
        await run.RunAsync();
        if (stop.IsCancellationRequested)
        {
            Console.Error.WriteLine("Interrupted: nothing is written.");
            return 130;
        }

        Results results = new(part.Samples);
        if (!options.Quick && results.Passed > 0)
        {
            var parts = part.After(earlier);
            SuitePart.Write(raw, parts);
            new ResultPage(parts, bench.PathOf("docs", "images", "benchmarks")).WriteInto(page);
            Console.Out.WriteLine($"Written: {page}, its charts, and {raw}");
        }

        Console.Out.WriteLine(Sum(results, part.Skipped.Count));
        return results.Failed == 0 && results.Passed > 0 ? 0 : 1;
    }

    /// <summary>The last line: runs, and servers that could not run here.</summary>
    public static string Sum(Results results, int skipped) => $"{results.Passed} passed, {results.Failed} failed{(skipped > 0 ? $", {skipped} skipped" : "")}";
}
