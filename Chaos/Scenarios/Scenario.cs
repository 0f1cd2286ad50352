using ChitChatz.Chaos.Report;

namespace ChitChatz.Chaos.Scenarios;

/// <summary>The scenarios by name.</summary>
internal static class Scenario
{
    private static readonly Dictionary<string, Func<Options, Scoreboard, CancellationToken, Task>> s_all = new()
    {
        ["t1"] = KillAnything.RunAsync,
        ["t2"] = FreezeAndCutAsync,
        ["t3"] = PowerCut.RunAsync,
        ["t6"] = TimeToRecover.RunAsync,
        ["t7"] = ReconnectStorm.RunAsync,
        ["t13"] = RestartAndOverloadAsync,
    };

    /// <summary>Runs the one that is asked for, or all. One that ends with an exception has failed.</summary>
    public static async Task RunAsync(Options options, Scoreboard board, CancellationToken cancellationToken)
    {
        foreach (var (name, run) in s_all)
        {
            if (options.Scenario != name && options.Scenario != "all")
                continue;
            try
            {
                await run(options, board, cancellationToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                board.Check(false, $"{name} runs to its end: {exception}");
            }
        }
    }

    private static async Task FreezeAndCutAsync(Options options, Scoreboard board, CancellationToken cancellationToken)
    {
        if (options.Only is null or "freeze")
            await Zombie.RunAsync(options, board, cancellationToken);

        // Not among all scenarios, for its time: a silo that was cut off starts again and again until it is let in.
        if (options.Scenario != "all" && !options.IsControl && options.Only is null or "cut")
            await CutOff.RunAsync(options, board, cancellationToken);
    }

    private static async Task RestartAndOverloadAsync(Options options, Scoreboard board, CancellationToken cancellationToken)
    {
        if (options.Only is null or "restart")
            await RollingRestart.RunAsync(options, board, cancellationToken);
        if (options.Only is null or "overload")
            await Overload.RunAsync(options, board, cancellationToken);
    }
}
