using System.Runtime.InteropServices;

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

        using CancellationTokenSource stop = new();
        void OnSignal(PosixSignalContext signal)
        {
            // The first time all that was started is stopped; the second time the kernel ends it, with all that it started.
            signal.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        }

        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        await using SuiteRun run = new(options, Console.Out, stop.Token);
        await run.RunAsync();
        if (stop.IsCancellationRequested)
        {
            Console.Error.WriteLine("Interrupted: nothing is written.");
            return 130;
        }

        if (!options.Quick)
            Write(options, run.Results);
        Console.Out.WriteLine($"{run.Results.Passed} passed, {run.Results.Failed} failed");
        return run.Results.Failed == 0 && run.Results.Passed > 0 ? 0 : 1;
    }

    private static void Write(SuiteOptions options, Results results)
    {
        Bench bench = new();
        var machine = MachineFacts.Here(bench.Root);
        var artifacts = Directory.CreateDirectory(bench.PathOf("artifacts", "benchmarks")).FullName;
        File.WriteAllText(Path.Combine(artifacts, "results.json"), results.ToJson(machine));

        // A part of it is looked at beside the page, and does not replace the page.
        var folder = options.IsWhole ? bench.PathOf("docs") : artifacts;
        ResultPage page = new(options, results, machine, Path.Combine(folder, "images", "benchmarks"));
        page.WriteInto(Path.Combine(folder, "benchmarks.md"));
        Console.Out.WriteLine($"Written: {Path.Combine(folder, "benchmarks.md")}, its charts, and {Path.Combine(artifacts, "results.json")}");
    }
}
