using ChitChatz.Grains.Abstractions;
using Xunit;
using static ChitChatz.Tests.Grains.TestMessages;

namespace ChitChatz.Tests.Grains;

public sealed class TwoSilos() : GrainCluster(2);

public sealed class TwoSilosTests(TwoSilos cluster) : IClassFixture<TwoSilos>
{
    [Fact]
    public async Task Cluster_WhenASiloStops_ShowedBothHeartsAndHandsItsRoomsOver()
    {
        GatewayId gateway = GatewayId.New();
        InboxProbe inbox = await cluster.OpenInboxAsync(gateway);
        await cluster.Registry.Renew(gateway);
        SiloHeartbeat[] beats = await inbox.WaitAsync<SiloHeartbeat>(
            items => items.Where(item => item.ActiveSilos.Length == 2).DistinctBy(item => item.Silo).Count() == 2, "heartbeats of two silos");
        SiloHeartbeat last = beats[^1];
        Assert.Equal(cluster.Cluster.Silos.Select(silo => silo.SiloAddress.ToParsableString()).Order(StringComparer.Ordinal), last.ActiveSilos);
        Assert.Contains(last.Silo, last.ActiveSilos);

        string[] keys = [.. Enumerable.Range(0, 12).Select(_ => GrainCluster.NewKey())];
        foreach (string key in keys)
        {
            await cluster.Room(key).ChangeMembers(Enter(gateway));
            Assert.Equal(1, (await cluster.Room(key).Post(Post(gateway, 1, Draft("a")))).Results[0].Seq);
        }

        await cluster.Cluster.StopSiloAsync(cluster.Cluster.Silos[1], TestContext.Current.CancellationToken);
        foreach (string key in keys)
        {
            // Wherever the room was: its next activation knows who is in it.
            PostAnswer answer = await cluster.Room(key).Post(Post(gateway, 1, Draft("a"), Draft("b")));

            Assert.False(answer.IntroduceYourself);
            Assert.Equal([(PostStatus.Duplicate, 1L), (PostStatus.Stored, 2L)], answer.Results.Select(result => (result.Status, result.Seq)));
        }
    }
}
