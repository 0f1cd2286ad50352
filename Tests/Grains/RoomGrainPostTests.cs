using ChitChatz.Grains.Abstractions;
using ChitChatz.Storage;
using Xunit;
using static ChitChatz.Tests.Grains.TestMessages;

namespace ChitChatz.Tests.Grains;

[Collection(OneSilo.Name)]
public sealed class RoomGrainPostTests(GrainCluster cluster)
{
    private readonly GatewayId _gateway = GatewayId.New();
    private readonly string _key = GrainCluster.NewKey();

    [Fact]
    public async Task Post_WhenGatewayIsUnknown_AsksForIntroduction()
    {
        PostAnswer answer = await cluster.Room(_key).Post(Post(_gateway, 0, Draft("a")));
        Assert.True(answer.IntroduceYourself);
        Assert.Empty(answer.Results);
        Assert.Empty(cluster.Log.Messages(_key));
    }

    [Fact]
    public async Task Post_WhenNumberDiffers_AsksForIntroduction()
    {
        IRoomGrain room = await EnterAsync();
        Assert.True((await room.Post(Post(_gateway, 2, Draft("a")))).IntroduceYourself);
    }

    [Fact]
    public async Task Post_WhenDraftsCome_StoresThemDenselyInOrder()
    {
        IRoomGrain room = await EnterAsync();
        PostAnswer first = await room.Post(Post(_gateway, 1, Draft("a"), Draft("b")));
        PostAnswer second = await room.Post(Post(_gateway, 1, Draft("c")));

        Assert.Equal([1L, 2L], first.Results.Select(result => result.Seq));
        Assert.Equal([3L], second.Results.Select(result => result.Seq));
        Assert.Equal((FakeLog.Epoch, 3L), (second.Epoch, second.Head));
        Assert.Equal(["a", "b", "c"], cluster.Log.Messages(_key).Select(message => message.Id));
        Assert.Equal([1L, 2L, 3L], cluster.Log.Messages(_key).Select(message => message.Seq));
        Assert.All(first.Results, result => Assert.InRange(result.At, 1, long.MaxValue));
    }

    [Fact]
    public async Task Post_WhenAnAppendIsInFlight_GathersTheNextOnesIntoOneBatch()
    {
        IRoomGrain room = await EnterAsync();
        (Task arrived, TaskCompletionSource gate) = cluster.Log.HoldNext(_key);
        Task<PostAnswer> first = room.Post(Post(_gateway, 1, Draft("a")));
        await arrived;
        Task<PostAnswer> second = room.Post(Post(_gateway, 1, Draft("b")));
        Task<PostAnswer> third = room.Post(Post(_gateway, 1, Draft("c")));
        await room.ReadAfter(FakeLog.Epoch, 0, 1);
        gate.SetResult();

        Assert.Equal(1, (await first).Results[0].Seq);
        Assert.Equal([2L, 3L], new[] { (await second).Results[0].Seq, (await third).Results[0].Seq }.Order());
        Assert.Equal(2, cluster.Log.Appends(_key));
    }

    [Fact]
    public async Task Post_WhenRepeatedInFlight_SharesTheOutcome()
    {
        IRoomGrain room = await EnterAsync();
        (Task arrived, TaskCompletionSource gate) = cluster.Log.HoldNext(_key);
        Task<PostAnswer> first = room.Post(Post(_gateway, 1, Draft("a")));
        await arrived;
        Task<PostAnswer> repeat = room.Post(Post(_gateway, 1, Draft("a"), Draft("a", "other")));
        await room.ReadAfter(FakeLog.Epoch, 0, 1);
        gate.SetResult();

        Assert.Equal((await first).Results[0], (await repeat).Results[0]);
        Assert.Equal((PostStatus.IdConflict, 1L), ((await repeat).Results[1].Status, (await repeat).Results[1].Seq));
        Assert.Single(cluster.Log.Messages(_key));
    }

    [Fact]
    public async Task Post_WhenRepeatedAmongNewOnes_AnswersTheOriginalSeqAndRenumbersTheRest()
    {
        IRoomGrain room = await EnterAsync();
        await room.Post(Post(_gateway, 1, Draft("a"), Draft("b")));
        PostAnswer answer = await room.Post(Post(_gateway, 1, Draft("c"), Draft("a"), Draft("b", "other"), Draft("d")));

        Assert.Equal(
            [(PostStatus.Stored, 3L), (PostStatus.Duplicate, 1L), (PostStatus.IdConflict, 2L), (PostStatus.Stored, 4L)],
            answer.Results.Select(result => (result.Status, result.Seq)));
        Assert.Equal(["a", "b", "c", "d"], cluster.Log.Messages(_key).Select(message => message.Id));
    }

    [Fact]
    public async Task Post_WhenRepeatedAfterDeactivation_AnswersTheOriginalSeq()
    {
        IRoomGrain room = await EnterAsync();
        await room.Post(Post(_gateway, 1, Draft("a"), Draft("b")));
        await cluster.Cluster.DeactivateAsync(room);

        Assert.True((await room.Post(Post(_gateway, 1, Draft("b")))).IntroduceYourself);
        MembershipAnswer introduced = await room.Introduce(new Introduction(_gateway, 1, "Lobby", 0, [Member()]));
        Assert.Equal((MembershipStatus.Ok, 2L), (introduced.Status, introduced.Head));
        PostAnswer answer = await room.Post(Post(_gateway, 1, Draft("b"), Draft("c")));
        Assert.Equal([(PostStatus.Duplicate, 2L), (PostStatus.Stored, 3L)], answer.Results.Select(result => (result.Status, result.Seq)));

        // The log is told to expect repeats, until each of the two activations had its first batch stored.
        await room.Post(Post(_gateway, 1, Draft("d")));
        Assert.Equal([true, true, true, false], cluster.Log.MayRepeat(_key));
    }

    [Fact]
    public async Task Post_WhenConnectionIsNoMember_RefusesButKnowsWhatWasStored()
    {
        IRoomGrain room = await EnterAsync();
        await room.Post(Post(_gateway, 1, Draft("a")));
        await room.ChangeMembers(Change(_gateway, 2, [Arrival(2, "bob")], new Departure(1, false)));
        PostAnswer answer = await room.Post(
            Post(_gateway, 2, Draft("a"), Draft("a", "other"), Draft("new"), Draft("x", connection: 2, sub: "bob"), Draft("y", connection: 2, sub: "eve")));

        Assert.Equal(
            [(PostStatus.Duplicate, 1L), (PostStatus.IdConflict, 1L), (PostStatus.NotMember, 0L), (PostStatus.Stored, 2L), (PostStatus.NotMember, 0L)],
            answer.Results.Select(result => (result.Status, result.Seq)));
    }

    [Fact]
    public async Task Post_WhenStrangersIdCannotBeLookedUp_IsNotRefusedForGood()
    {
        IRoomGrain room = await EnterAsync();
        cluster.Log.Unreadable(_key, true);
        PostAnswer answer = await room.Post(Post(_gateway, 1, Draft("a", connection: 5)));
        Assert.Equal(PostStatus.Unavailable, answer.Results[0].Status);
    }

    [Fact]
    public async Task Post_WhenTooManyWait_RefusesTheRestOfThePostAsOverloaded()
    {
        IRoomGrain room = await EnterAsync();
        (Task arrived, TaskCompletionSource gate) = cluster.Log.HoldNext(_key);
        Task<PostAnswer> first = room.Post(Post(_gateway, 1, Draft("first")));
        await arrived;
        Draft[] many = [.. Enumerable.Range(0, 10).Select(i => Draft("m" + i)), Draft("first")];
        Task<PostAnswer> flood = room.Post(Post(_gateway, 1, many));
        await room.ReadAfter(FakeLog.Epoch, 0, 1);
        gate.SetResult();

        PostResult[] results = (await flood).Results;
        Assert.Equal(Enumerable.Range(2, 8).Select(seq => (long)seq), results[..8].Select(result => result.Seq));
        Assert.All(results[8..10], result => Assert.Equal(PostStatus.Overloaded, result.Status));
        Assert.Equal((await first).Results[0], results[10]);
    }

    [Fact]
    public async Task Post_WhenALongDraftIsRefused_LetsNoShortOneOvertakeIt()
    {
        IRoomGrain room = await EnterAsync();
        PostAnswer answer = await room.Post(Post(_gateway, 1, Draft("a"), Draft("long", new string('x', 20_000)), Draft("short")));
        Assert.Equal([PostStatus.Stored, PostStatus.Overloaded, PostStatus.Overloaded], answer.Results.Select(result => result.Status));
        Assert.Equal(["a"], cluster.Log.Messages(_key).Select(message => message.Id));
    }

    [Fact]
    public async Task Post_WhenTheLogFails_IsUnavailableAndLeavesNoHole()
    {
        IRoomGrain room = await EnterAsync();
        cluster.Log.AnswerNext(_key, AppendStatus.Failed);
        PostAnswer failed = await room.Post(Post(_gateway, 1, Draft("a")));
        PostAnswer again = await room.Post(Post(_gateway, 1, Draft("a")));
        Assert.Equal(PostStatus.Unavailable, failed.Results[0].Status);
        Assert.Equal((PostStatus.Stored, 1L), (again.Results[0].Status, again.Results[0].Seq));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_WhenFencedOrBroken_AcksNothingAndTheRoomStartsAnew(bool fenced)
    {
        IRoomGrain room = await EnterAsync();
        await room.Post(Post(_gateway, 1, Draft("a")));
        Task gone = cluster.Cluster.WaitForDeactivationAsync(room);
        if (fenced)
            cluster.Log.WriteForeign(_key, Message(0, "foreign", sub: "bob"));
        else
            cluster.Log.ThrowNext(_key);

        (Task arrived, TaskCompletionSource gate) = cluster.Log.HoldNext(_key);
        Task<PostAnswer> first = room.Post(Post(_gateway, 1, Draft("b")));
        await arrived;
        Task<PostAnswer> second = room.Post(Post(_gateway, 1, Draft("c")));
        gate.SetResult();
        Assert.Equal(PostStatus.Unavailable, (await first).Results[0].Status);
        PostAnswer behind = await second;
        Assert.True(behind.IntroduceYourself || behind.Results[0].Status == PostStatus.Unavailable);
        await gone.WaitAsync(TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken);

        await room.Introduce(new Introduction(_gateway, 1, "Lobby", 0, [Member()]));
        PostAnswer again = await room.Post(Post(_gateway, 1, Draft("b"), Draft("c")));
        long head = fenced ? 2 : 1;
        Assert.Equal([head + 1, head + 2], again.Results.Select(result => result.Seq));
        Assert.Equal(Enumerable.Range(1, (int)head + 2).Select(seq => (long)seq), cluster.Log.Messages(_key).Select(message => message.Seq));
    }

    [Fact]
    public async Task Post_WhenDeactivatedInFlight_IsStoredAndAnswered()
    {
        IRoomGrain room = await EnterAsync();
        (Task arrived, TaskCompletionSource gate) = cluster.Log.HoldNext(_key);
        Task<PostAnswer> post = room.Post(Post(_gateway, 1, Draft("a")));
        await arrived;
        Task gone = cluster.Cluster.DeactivateAsync(room);
        gate.SetResult();
        await gone;
        Assert.Equal((PostStatus.Stored, 1L), ((await post).Results[0].Status, (await post).Results[0].Seq));
    }

    [Fact]
    public async Task ReadAfter_WhenMessagesStand_BringsThemUpToTheLimit()
    {
        IRoomGrain room = await EnterAsync();
        await room.Post(Post(_gateway, 1, Draft("a"), Draft("b"), Draft("c")));
        MessagePage page = await room.ReadAfter(FakeLog.Epoch, 1, 1);
        Assert.Equal((true, FakeLog.Epoch, 3L), (page.Available, page.Epoch, page.Head));
        Assert.Equal(["b"], page.Messages.Select(message => message.Id));
        Assert.Empty((await room.ReadAfter(FakeLog.Epoch, 3, 10)).Messages);
        MessagePage other = await room.ReadAfter(FakeLog.Epoch - 1, 0, 10);
        Assert.Equal((FakeLog.Epoch, 3L, 0), (other.Epoch, other.Head, other.Messages.Length));

        cluster.Log.Unreadable(_key, true);
        Assert.False((await room.ReadAfter(FakeLog.Epoch, 0, 10)).Available);
    }

    private async Task<IRoomGrain> EnterAsync()
    {
        IRoomGrain room = cluster.Room(_key);
        Assert.Equal(MembershipStatus.Ok, (await room.ChangeMembers(Enter(_gateway))).Status);
        return room;
    }
}
