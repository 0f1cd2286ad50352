using ChitChatz.Benchmarks;

if (args.FirstOrDefault() == "log")
    return await LogLoad.RunAsync(args[1..]);

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
    using LoadRun run = options.Scenario switch
    {
        "steady" => new OpenLoop(options, number),
        "connect" => new ConnectStorm(options, number),
        _ => new ClosedLoop(options, number),
    };
    report.Add(run.Run());
}

report.End();
return report.AnyFault ? 1 : 0;
