using System.Globalization;
using ChitChatz.Chaos.Report;
using ChitChatz.Chaos.Scenarios;

if (args is ["--help"] or ["-h"])
{
    Console.Out.WriteLine(Options.Usage);
    return 0;
}

var options = Options.Read(args, out var failure);
if (options is null)
{
    Console.Error.WriteLine(failure);
    Console.Error.WriteLine(Options.Usage);
    return 2;
}

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    // The first time all that was started is ended and unmounted; the second time the kernel ends it.
    pressed.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
};
var board = new Scoreboard(Console.Out);
await Scenario.RunAsync(options, board, stop.Token);
board.End();
return board.Failed == 0 && board.Passed > 0 ? 0 : 1;
