using ChitChatz.Grains.Abstractions;
using Xunit;
using static ChitChatz.Tests.Grains.TestMessages;

namespace ChitChatz.Tests.Grains;

/// <summary>Has a cluster of its own, since it moves the clock.</summary>
public sealed class LeaseLapseTests(GrainCluster cluster) : IClassFixture<GrainCluster>
{
    [Fact]
    public async Task Lease_WhenNotRenewed_LosesItsMembersWhoMayReEnterByToken()
    {
        GatewayId dead = GatewayId.New();
        GatewayId live = GatewayId.New();
        string key = GrainCluster.NewKey();
        InboxProbe inbox = await cluster.OpenInboxAsync(live);
        await cluster.Cluster.Client.GetGrain<IRoomDirectoryGrain>(RoomDirectory.ShardOf(key)).Renew(live, 0);
        IRoomGrain room = cluster.Room(key);
        await room.ChangeMembers(Enter(dead));

        cluster.Time.Advance(TimeSpan.FromSeconds(20));
        await cluster.Cluster.Client.GetGrain<IRoomDirectoryGrain>(RoomDirectory.ShardOf(key)).Renew(live, 0);
        RoomListing both = (await room.ChangeMembers(Enter(live, sub: "bob"))).Listing!;
        Assert.Equal(2, both.Count);
        cluster.Time.Advance(TimeSpan.FromSeconds(6));
        await inbox.WaitAsync<RoomListChanged>(
            items => items.SelectMany(item => item.Changes).Any(listing => listing.Key == key && listing.Count == 1 && listing.Version > both.Version),
            "the listing without the dead gateway's member");

        Assert.Equal(MembershipStatus.IntroduceYourself, (await room.Renew(new LeaseRenewal(dead, 1, 1))).Status);
        MembershipAnswer answer = await room.ChangeMembers(
            Change(live, 2, [Arrival(7, "ann", onlyIfLost: true), Arrival(8, "eve", onlyIfLost: true)]));
        Assert.Equal([8L], answer.Refused);
        Assert.Equal(2, answer.Listing!.Count);
    }
}
