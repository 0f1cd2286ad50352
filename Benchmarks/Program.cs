using ChitChatz.Benchmarks.Measuring;
using ChitChatz.Benchmarks.Scenarios;
using ChitChatz.Benchmarks.Suite;

if (args.FirstOrDefault() == "log")
    return await LogLoad.RunAsync(args[1..]);
if (args.FirstOrDefault() == "suite")
    return await SuiteCommand.RunAsync(args[1..]);

var options = LoadOptions.Read(args, out var failure);
if (options is null)
{
    Console.Error.WriteLine(failure);
    Console.Error.WriteLine(LoadOptions.Usage);
    Console.Error.WriteLine(LogLoad.Usage);
    return 2;
}

if (options.Scenario == "cost")
    return CostModel.Run(options, Console.Out);

var report = new Report(Console.Out);
report.Begin(options);
for (var number = 1; number <= options.Runs; number++)
{
    using var run = LoadRun.New(options, number);
    report.Add(run.Run());
}

report.End();
return report.AnyFault ? 1 : 0;
