using ChitChatz.Chaos.Cluster;
using ChitChatz.Chaos.Report;

namespace ChitChatz.Chaos.Scenarios;

/// <summary>T7: 2,000 people on two gateways, one of which is killed; all of its own come back on the other one, from where they were.</summary>
internal static class ReconnectStorm
{
    private const int People = 2_000;
    private const int RoomCount = 20;
    private const int Rate = 50;

    public static async Task RunAsync(Options options, Scoreboard board, CancellationToken cancellationToken)
    {
        var people = options.IsLong ? People : People / 4;
        board.Title($"T7 reconnect storm, {people} people; seed {options.Seed}");
        await using var run = await ClusterRun.StartAsync("t7", options, board, ClusterShape.Usual, cancellationToken);
        for (var room = 0; room < RoomCount; room++)
            await run.AddUsersAsync($"room {room}", people / RoomCount, cancellationToken);
        run.Talk(options.Rate ?? Rate);
        await Task.Delay(2_000, cancellationToken);

        var victims = run.Users.Count(static user => user.Gateway == 0);
        run.History.Fault("kill gateway-1");
        var from = run.History.Now;
        await run.Cluster.Gateways[0].KillAsync();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        var all = true;
        try
        {
            while (run.Traffic.Comebacks.Count(back => back.Gateway == 0 && back.Connection.CaughtUpAt > 0) < victims)
                await Task.Delay(20, patience.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            all = false;
        }

        var times = new Gaps();
        foreach (var back in run.Traffic.Comebacks.Where(static back => back.Gateway == 0))
            times.Add(((back.Connection.CaughtUpAt > 0 ? back.Connection.CaughtUpAt : run.History.Now) - from) / 1e6);
        board.Check(all, $"all {victims} of the killed gateway came back on the other one and caught up");
        board.Note($"back and caught up: {times}");
        board.Budget("p99", times.Percentile(99), 5, "s");
        var delays = new Gaps();
        foreach (var sent in run.Traffic.SentSince(from).Where(static sent => sent.Gateway == 1))
            delays.Add(((sent.AckedAt > 0 ? sent.AckedAt : run.History.Now) - sent.Due) / 1e6);
        board.Note($"meanwhile, from due to acked, users of the survivor: {delays}");
        await run.Cluster.Gateways[0].StartAsync();
        await run.Cluster.WhenReadyAsync(cancellationToken);
        await run.ConvergeAsync(cancellationToken);
        await run.FinishAsync(cancellationToken);
    }
}
