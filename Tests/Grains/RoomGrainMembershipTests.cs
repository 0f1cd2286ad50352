using ChitChatz.Grains.Abstractions;
using Xunit;
using static ChitChatz.Tests.Grains.TestMessages;

namespace ChitChatz.Tests.Grains;

[Collection(OneSilo.Name)]
public sealed class RoomGrainMembershipTests(GrainCluster cluster)
{
    private readonly GatewayId _gateway = GatewayId.New();
    private readonly string _key = GrainCluster.NewKey();

    [Fact]
    public async Task ChangeMembers_WhenSomebodyEnters_AnswersHeadAndListing()
    {
        cluster.Log.WriteForeign(_key, Message(0, "old"));
        MembershipAnswer answer = await cluster.Room(_key).ChangeMembers(Enter(_gateway));
        Assert.Equal((MembershipStatus.Ok, FakeLog.Epoch, 1L), (answer.Status, answer.Epoch, answer.Head));
        Assert.Equal((_key, "Lobby", 1), (answer.Listing!.Key, answer.Listing.Name, answer.Listing.Count));
        Assert.Empty(answer.Refused);
    }

    [Fact]
    public async Task Renew_WhenNumberOrCountDiffer_AsksForIntroductionThatHeals()
    {
        IRoomGrain room = cluster.Room(_key);
        await room.ChangeMembers(Enter(_gateway));
        Assert.Equal(MembershipStatus.Ok, (await room.Renew(new LeaseRenewal(_gateway, 1, 1))).Status);
        Assert.Equal(MembershipStatus.IntroduceYourself, (await room.Renew(new LeaseRenewal(_gateway, 1, 2))).Status);
        Assert.Equal(MembershipStatus.IntroduceYourself, (await room.Renew(new LeaseRenewal(_gateway, 2, 1))).Status);

        MembershipAnswer answer = await room.Introduce(new Introduction(_gateway, 5, "LOBBY", 3, [Member(1), Member(2, "bob")]));
        Assert.Equal((2, "Lobby", 3L), (answer.Listing!.Count, answer.Listing.Name, answer.Listing.ListedAt));
        Assert.Equal(MembershipStatus.Ok, (await room.Renew(new LeaseRenewal(_gateway, 5, 2))).Status);
    }

    [Fact]
    public async Task ChangeMembers_WhenTheLogCannotBeRead_ChangesNothing()
    {
        IRoomGrain room = cluster.Room(_key);
        cluster.Log.Unreadable(_key, true);
        Assert.Equal(MembershipStatus.Unavailable, (await room.ChangeMembers(Enter(_gateway))).Status);
        cluster.Log.Unreadable(_key, false);
        Assert.Equal(MembershipStatus.IntroduceYourself, (await room.Renew(new LeaseRenewal(_gateway, 0, 0))).Status);
        Assert.Equal(1, (await room.ChangeMembers(Enter(_gateway))).Listing!.Count);
    }

    [Fact]
    public async Task Renew_WhenAnotherActivationWrote_GivesNoHeadAndEnds()
    {
        IRoomGrain room = cluster.Room(_key);
        await room.ChangeMembers(Enter(_gateway));
        Task gone = cluster.Cluster.WaitForDeactivationAsync(room);
        cluster.Log.WriteForeign(_key, Message(0, "foreign"));
        MembershipAnswer answer = await room.Renew(new LeaseRenewal(_gateway, 1, 1));
        Assert.Equal(MembershipStatus.Unavailable, answer.Status);
        await gone.WaitAsync(TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken);
        Assert.Equal(MembershipStatus.IntroduceYourself, (await room.Renew(new LeaseRenewal(_gateway, 1, 1))).Status);
    }

    [Fact]
    public async Task Renew_WhenAnOwnAppendIsInFlight_DoesNotEndTheActivation()
    {
        IRoomGrain room = cluster.Room(_key);
        await room.ChangeMembers(Enter(_gateway));
        (Task arrived, TaskCompletionSource gate) = cluster.Log.HoldNext(_key);
        Task<PostAnswer> post = room.Post(Post(_gateway, 1, Draft("a")));
        await arrived;
        Assert.Equal(0, (await room.Renew(new LeaseRenewal(_gateway, 1, 1))).Head);
        gate.SetResult();
        Assert.Equal(PostStatus.Stored, (await post).Results[0].Status);
        Assert.Equal(1, (await room.Renew(new LeaseRenewal(_gateway, 1, 1))).Head);
    }

    [Fact]
    public async Task Push_WhenMessagesAreCommitted_ReachesEachInboxInOrder()
    {
        GatewayId other = GatewayId.New();
        InboxProbe inbox = await cluster.OpenInboxAsync(_gateway);
        InboxProbe second = await cluster.OpenInboxAsync(other);
        IRoomGrain room = cluster.Room(_key);
        await room.ChangeMembers(Enter(_gateway));
        await room.ChangeMembers(Enter(other));
        for (int i = 0; i < 20; i++)
            await room.Post(Post(_gateway, 1, Draft($"a{i}", new string('x', 400)), Draft($"b{i}", new string('y', 900))));

        foreach (InboxProbe probe in new[] { inbox, second })
        {
            MessagesPushed[] pushed = await probe.WaitAsync<MessagesPushed>(items => items.Sum(item => item.Messages.Length) >= 40, "40 messages");
            Assert.Equal(Enumerable.Range(1, 40).Select(seq => (long)seq), pushed.SelectMany(item => item.Messages).Select(message => message.Seq));
            Assert.All(pushed, item => Assert.Equal((_key, FakeLog.Epoch), (item.Room, item.Epoch)));
        }
    }

    [Fact]
    public async Task Activation_WhenGatewaysLive_TellsThemThatTheRoomMoved()
    {
        InboxProbe inbox = await cluster.OpenInboxAsync(_gateway);
        await cluster.Registry.Renew(_gateway);
        await inbox.WaitAsync<SiloHeartbeat>(items => items.Length > 0, "a heartbeat, which shows that the silo knows the gateway");
        cluster.Log.WriteForeign(_key, Message(0, "old"));
        await cluster.Room(_key).ReadAfter(FakeLog.Epoch, 1, 1);
        RoomMoved[] moved = await inbox.WaitAsync<RoomMoved>(items => items.Any(item => item.Room == _key), "RoomMoved");
        Assert.Equal(new RoomMoved(_key, FakeLog.Epoch, 1), moved.Single(item => item.Room == _key));
    }

    [Fact]
    public async Task Directory_WhenRoomFillsAndEmpties_ListsAndDelistsIt()
    {
        InboxProbe inbox = await cluster.OpenInboxAsync(_gateway);
        int shard = RoomDirectory.ShardOf(_key);
        IRoomDirectoryGrain directory = cluster.Cluster.Client.GetGrain<IRoomDirectoryGrain>(shard);
        await directory.Renew(_gateway, 0);

        IRoomGrain room = cluster.Room(_key);
        RoomListing listed = (await room.ChangeMembers(Enter(_gateway))).Listing!;
        await inbox.WaitAsync<RoomListChanged>(items => items.Any(item => item.Changes.Contains(listed)), "the room's listing");
        DirectoryAnswer answer = await directory.Renew(_gateway, 0);
        Assert.Contains(listed, answer.Listings!);

        RoomListing delisted = (await room.ChangeMembers(Change(_gateway, 2, [], new Departure(1, false)))).Listing!;
        Assert.Equal(0, delisted.Count);
        RoomListChanged[] changes = await inbox.WaitAsync<RoomListChanged>(items => items.Any(item => item.Changes.Contains(delisted)), "its end");
        Assert.All(changes, change => Assert.Equal(shard, change.Shard));
        Assert.DoesNotContain((await directory.Renew(_gateway, 0)).Listings!, listing => listing.Key == _key);
    }
}
