using ChitChatz.Grains.Abstractions;
using static ChitChatz.Tests.Grains.TestMessages;

namespace ChitChatz.Tests.Grains;

/// <summary>
/// Two activations of one room live at once, each sure that it is the room: two clusters over one log. The one that the other has
/// overtaken adds nothing, acknowledges nothing, takes nobody in and tells no old head; its callers repeat, and each message stands once.
/// </summary>
public sealed class FencingTests : IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    private readonly string _key = GrainCluster.NewKey();
    private readonly GatewayId _gateway = GatewayId.New();
    private readonly GrainCluster _first;
    private readonly GrainCluster _second;

    public FencingTests()
    {
        FakeLog log = new();
        _first = new GrainCluster(log);
        _second = new GrainCluster(log);
    }

    private FakeLog Log => _first.Log;

    public async ValueTask InitializeAsync()
    {
        await _first.InitializeAsync();
        await _second.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Post_ToTwoLiveActivations_StandsOnceEachWithoutAHole()
    {
        IRoomGrain[] rooms = [await EnterAsync(_first), await EnterAsync(_second)];
        int overtaken = 0;
        for (int i = 0; i < 20; i++)
        {
            IRoomGrain room = rooms[i % 3 == 0 ? 0 : 1];
            PostAnswer answer = await room.Post(Post(_gateway, 1, Draft($"m{i}")));
            while (answer.IntroduceYourself || answer.Results[0].Status == PostStatus.Unavailable)
            {
                overtaken++;
                await IntroduceAsync(room);
                answer = await room.Post(Post(_gateway, 1, Draft($"m{i}")));
            }

            Assert.Equal((PostStatus.Stored, i + 1L), (answer.Results[0].Status, answer.Results[0].Seq));
        }

        Assert.Equal(Enumerable.Range(0, 20).Select(static i => $"m{i}"), Log.Messages(_key).Select(static message => message.Id));
        Assert.True(overtaken > 5, $"only {overtaken} posts met an activation that was overtaken");
    }

    [Fact]
    public async Task Post_OfTheSameIdToTwoActivations_StandsOnce()
    {
        IRoomGrain first = await EnterAsync(_first);
        IRoomGrain second = await EnterAsync(_second);
        Assert.Equal(PostStatus.Stored, (await first.Post(Post(_gateway, 1, Draft("same")))).Results[0].Status);
        PostAnswer again = await second.Post(Post(_gateway, 1, Draft("same")));
        while (again.IntroduceYourself || again.Results[0].Status == PostStatus.Unavailable)
        {
            await IntroduceAsync(second);
            again = await second.Post(Post(_gateway, 1, Draft("same")));
        }

        Assert.Equal((PostStatus.Duplicate, 1L), (again.Results[0].Status, again.Results[0].Seq));
        Assert.Single(Log.Messages(_key));
    }

    [Theory]
    [InlineData("renewal")]
    [InlineData("join")]
    [InlineData("introduction")]
    public async Task Call_ToAnActivationThatWokeUp_TellsNoOldHeadAndTakesNobodyIn(string call)
    {
        IRoomGrain stale = await EnterAsync(_first);
        await stale.Post(Post(_gateway, 1, Draft("before")));
        Task gone = _first.Cluster.WaitForDeactivationAsync(stale);
        IRoomGrain present = await EnterAsync(_second);
        await present.Post(Post(_gateway, 1, Draft("elsewhere")));

        MembershipAnswer answer = call switch
        {
            "renewal" => await stale.Renew(new LeaseRenewal(_gateway, 1, 1)),
            "join" => await stale.ChangeMembers(new MembershipChange(GatewayId.New(), 1, "Lobby", [new Arrival(Member(), false)], [], true)),
            _ => await stale.Introduce(new Introduction(GatewayId.New(), 1, "Lobby", 0, [Member()])),
        };
        Assert.Equal(MembershipStatus.Unavailable, answer.Status);
        await gone.WaitAsync(s_patience, TestContext.Current.CancellationToken);

        // Its successor there knows the log, and nobody.
        Assert.Equal(2, (await stale.ReadAfter(FakeLog.Epoch, 0, 10)).Head);
        Assert.Equal(MembershipStatus.IntroduceYourself, (await stale.Renew(new LeaseRenewal(_gateway, 1, 1))).Status);
    }

    [Fact]
    public async Task Read_OfAnActivationThatWokeUp_IsWhatTheLogSays()
    {
        IRoomGrain stale = await EnterAsync(_first);
        IRoomGrain present = await EnterAsync(_second);
        await present.Post(Post(_gateway, 1, Draft("elsewhere")));
        MessagePage page = await stale.ReadAfter(FakeLog.Epoch, 0, 10);
        Assert.Equal((1L, "elsewhere"), (page.Head, page.Messages[0].Id));
    }

    [Fact]
    public async Task Post_ToAnActivationWhoseRoomWasForgotten_IsFencedAndGoesIntoTheNewLife()
    {
        IRoomGrain stale = await EnterAsync(_first);
        await stale.Post(Post(_gateway, 1, Draft("old")));
        Assert.Equal(FakeLog.Epoch + 1, await Log.ForgetAsync(_key, FakeLog.Epoch, 1, CancellationToken.None));
        PostAnswer answer = await stale.Post(Post(_gateway, 1, Draft("new")));
        Assert.True(answer.IntroduceYourself || answer.Results[0].Status == PostStatus.Unavailable);
        while (answer.IntroduceYourself || answer.Results[0].Status == PostStatus.Unavailable)
        {
            await IntroduceAsync(stale);
            answer = await stale.Post(Post(_gateway, 1, Draft("new")));
        }

        Assert.Equal((PostStatus.Stored, 1L, FakeLog.Epoch + 1), (answer.Results[0].Status, answer.Results[0].Seq, answer.Epoch));
        Assert.Equal("new", Assert.Single(Log.Messages(_key)).Id);
    }

    private async Task<IRoomGrain> EnterAsync(GrainCluster cluster)
    {
        IRoomGrain room = cluster.Room(_key);
        await IntroduceAsync(room);
        return room;
    }

    /// <summary>As a gateway does: again and again, until the room takes it.</summary>
    private async Task IntroduceAsync(IRoomGrain room)
    {
        while ((await room.Introduce(new Introduction(_gateway, 1, "Lobby", 0, [Member()]))).Status != MembershipStatus.Ok)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
