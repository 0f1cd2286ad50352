using System.Collections.Immutable;
using System.Net;
using System.Threading.Channels;
using ChitChatz.Grains.Rooms;
using ChitChatz.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Runtime;
using Orleans.Runtime.Placement;
using Xunit;

namespace ChitChatz.Tests.Grains;

/// <summary>How many rooms move at a time, and how long one that does not move holds up others.</summary>
public sealed class RoomHandoverTests
{
    private static readonly TimeSpan s_move = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_all = TimeSpan.FromSeconds(5);

    private const int AtOnce = 4;

    private readonly WatchedTime _time = new();
    private readonly StoppingSilo _silo = new();
    private readonly Channel<MovableRoom> _moving = Channel.CreateUnbounded<MovableRoom>();

    [Fact]
    public async Task Stop_WithHundredsOfRooms_MovesAScoutAndThenAFewAtATime()
    {
        Task stop = Begin(200, scouts: 1);

        MovableRoom scout = await NextAsync();
        Assert.Equal(StoppingSilo.Address(1), HandoverScouts.Target(scout.GrainId));
        Assert.Equal(StoppingSilo.Address(1), scout.Hint);
        scout.End();
        List<MovableRoom> together = [];
        for (int i = 0; i < AtOnce; i++)
            together.Add(await NextAsync());

        // As many as there are places; each that is freed is taken by one other.
        for (int left = 200 - AtOnce; left > 0; left--)
        {
            Assert.False(_moving.Reader.TryPeek(out _), "one more than a few moved at a time");
            together[0].End();
            together.RemoveAt(0);
            together.Add(await NextAsync());
        }

        together.ForEach(static room => room.End());
        await Deadline.Within(stop, "the end of the handover");
        Assert.False(_moving.Reader.TryPeek(out _), "a room was told to move twice");
    }

    [Fact]
    public async Task Stop_WhenRoomsDoNotMove_LetsEachHoldUpTheOthersForASecondOnly()
    {
        Task stop = Begin(2, scouts: 1);
        await _time.AssertNextTimerAsync(s_all);
        MovableRoom scout = await NextAsync();
        await _time.AssertNextTimerAsync(s_move);

        _time.Advance(s_move);

        MovableRoom[] rooms = [await NextAsync(), await NextAsync()];
        Assert.All(rooms, static room => Assert.Null(room.Hint));
        await _time.AssertNextTimerAsync(s_move);
        await _time.AssertNextTimerAsync(s_move);
        _time.Advance(s_move);
        await Deadline.Within(stop, "the end of the handover");

        // The next stage, which ends all grains, finds them on their way.
        Assert.Equal(new HashSet<MovableRoom>([scout, .. rooms]), [await NextAsync(), await NextAsync(), await NextAsync()]);
    }

    [Fact]
    public async Task Stop_WhenManyRoomsDoNotMove_EndsAfterFiveSecondsWithAllOnTheirWay()
    {
        Task stop = Begin(300);
        await _time.AssertNextTimerAsync(s_all);
        HashSet<MovableRoom> told = [];
        for (int second = 0; second < 5; second++)
        {
            for (int i = 0; i < AtOnce; i++)
            {
                told.Add(await NextAsync());
                await _time.AssertNextTimerAsync(s_move);
            }

            Assert.False(stop.IsCompleted);
            _time.Advance(s_move);
        }

        await Deadline.Within(stop, "the end of the handover");

        while (_moving.Reader.TryRead(out MovableRoom? room))
            told.Add(room);
        Assert.Equal(300, told.Count);
    }

    [Fact]
    public async Task Stop_WhenThereIsNoOtherSilo_MovesNothing()
    {
        _silo.Statuses = [SiloStatus.ShuttingDown, SiloStatus.Dead, SiloStatus.Joining];

        await Deadline.Within(Begin(2), "the end of the handover");

        Assert.False(_moving.Reader.TryPeek(out _));
    }

    [Fact]
    public async Task Stop_InAHurry_MovesNothing()
    {
        await Deadline.Within(Begin(2, inAHurry: true), "the end of the handover");

        Assert.False(_moving.Reader.TryPeek(out _));
    }

    private Task Begin(int rooms, int scouts = 0, bool inAHurry = false)
    {
        RoomHandover handover = new(_silo, _silo, _time, NullLogger<RoomHandover>.Instance);
        handover.Participate(_silo);
        for (int i = 0; i < rooms; i++)
            handover.Add(new MovableRoom($"room {i}", _moving.Writer));
        for (int i = 0; i < scouts; i++)
            handover.Add(new MovableRoom(HandoverScouts.Key(_silo.SiloAddress, StoppingSilo.Address(i + 1)), _moving.Writer));
        return Assert.Single(_silo.Observers).OnStop(new CancellationToken(canceled: inAHurry));
    }

    private async Task<MovableRoom> NextAsync()
    {
        Task<MovableRoom> next = _moving.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask();
        await Deadline.Within(next, "a room that is told to move");
        return await next;
    }

    /// <summary>A silo that stops, and the first of those that it knows.</summary>
    private sealed class StoppingSilo : IClusterMembershipService, ILocalSiloDetails, ISiloLifecycle
    {
        public List<ILifecycleObserver> Observers { get; } = [];

        public SiloStatus[] Statuses { get; set; } = [SiloStatus.ShuttingDown, SiloStatus.Active];

        public ClusterMembershipSnapshot CurrentSnapshot => new(
            Statuses.Select(static (status, i) => new ClusterMember(Address(i), status, $"silo {i}")).ToImmutableDictionary(static member => member.SiloAddress),
            new MembershipVersion(1));

        public IAsyncEnumerable<ClusterMembershipSnapshot> MembershipUpdates => Once();

        public string Name => "silo 0";

        public string ClusterId => "test";

        public string DnsHostName => "localhost";

        public SiloAddress SiloAddress => Address(0);

        public SiloAddress GatewayAddress => Address(0);

        public int HighestCompletedStage => int.MaxValue;

        public int LowestStoppedStage => int.MaxValue;

        public IDisposable Subscribe(string observerName, int stage, ILifecycleObserver observer)
        {
            Observers.Add(observer);
            return new CancellationTokenSource();
        }

        public ValueTask Refresh(MembershipVersion minimumVersion = default, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

        public Task<bool> TryKill(SiloAddress siloAddress) => throw new NotSupportedException();

        public static SiloAddress Address(int silo) => SiloAddress.New(IPAddress.Loopback, 11_000 + silo, 1);

        private async IAsyncEnumerable<ClusterMembershipSnapshot> Once()
        {
            await Task.CompletedTask;
            yield return CurrentSnapshot;
        }
    }

    /// <summary>A room that says when it is told to move, and has moved when the test wants it.</summary>
    private sealed class MovableRoom(string key, ChannelWriter<MovableRoom> moving) : IGrainContext
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public GrainId GrainId { get; } = GrainId.Create("room", key);

        /// <summary>Where it was told to go; null when it was left to the placement.</summary>
        public SiloAddress? Hint { get; private set; }

        public Task Deactivated => _ended.Task;

        public GrainReference GrainReference => throw new NotSupportedException();

        public object? GrainInstance => throw new NotSupportedException();

        public ActivationId ActivationId => throw new NotSupportedException();

        public GrainAddress Address => throw new NotSupportedException();

        public IServiceProvider ActivationServices => throw new NotSupportedException();

        public IGrainLifecycle ObservableLifecycle => throw new NotSupportedException();

        public IWorkItemScheduler Scheduler => throw new NotSupportedException();

        public void End() => _ended.SetResult();

        public void Migrate(Dictionary<string, object>? requestContext, CancellationToken cancellationToken = default)
        {
            Hint = (SiloAddress?)requestContext?.GetValueOrDefault(IPlacementDirector.PlacementHintKey);
            moving.TryWrite(this);
        }

        public bool Equals(IGrainContext? other) => ReferenceEquals(this, other);

        public override bool Equals(object? obj) => ReferenceEquals(this, obj);

        public override int GetHashCode() => GrainId.GetHashCode();

        public void SetComponent<TComponent>(TComponent? value) where TComponent : class => throw new NotSupportedException();

        public object? GetTarget() => throw new NotSupportedException();

        public object? GetComponent(Type componentType) => throw new NotSupportedException();

        public void ReceiveMessage(object message) => throw new NotSupportedException();

        public void Activate(Dictionary<string, object>? requestContext, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public void Rehydrate(IRehydrationContext context) => throw new NotSupportedException();
    }
}
