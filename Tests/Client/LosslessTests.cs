using ChitChatz.Client;
using ChitChatz.Tests.Guarantees;

namespace ChitChatz.Tests.Client;

/// <summary>
/// Two people talk while their lines break at any byte, a gateway or the whole server is killed and started again, and they change between
/// gateways: each message reaches both exactly once, in one order, and each send is told the truth. <c>CHITCHATZ_LONG=1</c> for 100 seeds.
/// </summary>
public sealed class LosslessTests
{
    private static int Seeds => GuaranteeRun.IsLong ? 100 : 4;

    [Fact]
    public async Task Messages_WhoseConnectionsAreCut_ReachBothOnceAndInOneOrder()
    {
        await using LosslessCluster cluster = await LosslessCluster.StartAsync();
        int cuts = 0;
        int repeats = 0;
        for (int seed = 1; seed <= Seeds; seed++)
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"Seed {seed}");
            await using LosslessRun run = new(cluster, seed);
            IReadOnlyList<string> violations = await run.RunAsync();
            Assert.True(violations.Count == 0, $"Seed {seed}: {string.Join("; ", violations)}");
            cuts += run.Cuts;
            repeats += run.Duplicates;
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{Seeds} seeds: {Seeds * 2 * LosslessRun.MessagesEach} messages, {cuts} cuts, {cluster.Restarts} restarts, {repeats} repeats of what was stored already");
        Assert.True(cuts >= Seeds * 5, $"Only {cuts} cuts: the lines were too good.");
        Assert.True(cluster.Restarts >= Seeds, $"Only {cluster.Restarts} restarts.");
        Assert.True(repeats > 0, "No ack was ever cut.");
    }

    [Fact]
    public async Task Messages_OfAClientThatForgetsWhereItWas_AreMissing()
    {
        await using LosslessCluster cluster = await LosslessCluster.StartAsync();
        await using LosslessRun run = new(cluster, seed: 1) { Configure = static (_, options) => options.ForgetsPosition = true };
        Assert.Contains(await run.RunAsync(), static violation => violation.Contains("misses", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Messages_RepeatedUnderOtherIds_AreThereTwice()
    {
        await using LosslessCluster cluster = await LosslessCluster.StartAsync();
        await using LosslessRun run = new(cluster, seed: 1)
        {
            Configure = static (connections, options) => options.OpenSocket = async (server, cancellationToken) => await RenamingSocket.OpenAsync(server, connections(), cancellationToken),
        };
        Assert.Contains(await run.RunAsync(), static violation => violation.Contains("twice", StringComparison.Ordinal));
    }
}
