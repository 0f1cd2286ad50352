using System.Diagnostics.Metrics;
using ChitChatz.Gateway;
using ChitChatz.Gateway.Rooms;
using ChitChatz.Grains.Abstractions;
using ChitChatz.Protocol;
using ChitChatz.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChitChatz.Tests.Gateway.Rooms;

/// <summary>One gateway's rooms over a fake grain, by default with a clock in the test's hand.</summary>
internal sealed class RoomBench
{
    private const string Key = "lobby";

    /// <param name="time">The system's clock, for tests that wait for something and not for time to pass.</param>
    public RoomBench(TimeProvider? time = null)
    {
        IMeterFactory meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();
        Rooms = new LocalRooms(new ThisGateway(GatewayId.New()), _ => Grain, new GatewayInstruments(meters), time ?? Time, NullLogger<LocalRooms>.Instance);
    }

    public WatchedTime Time { get; } = new();

    public FakeRoomGrain Grain { get; } = new(Key);

    public LocalRooms Rooms { get; }

    /// <summary>The room; only while somebody is in it.</summary>
    public LocalRoom Room => Rooms.TryGet(Key, out LocalRoom? room) ? room : throw new InvalidOperationException("Nobody is in the room");

    public bool HasRoom => Rooms.TryGet(Key, out _);

    public Task<FakeConnection> JoinAsync(long number) => JoinAsync(new FakeConnection(number), after: null);

    /// <summary>Brings in a client of version 2, that names the last message it has.</summary>
    public Task<FakeConnection> ResumeAsync(long number, LogPosition? after) => JoinAsync(new FakeConnection(number) { IsVersion2 = true }, after);

    public async Task<FakeConnection> JoinAsync(FakeConnection connection, LogPosition? after)
    {
        (JoinOutcome outcome, LocalRoom _) = await Deadline.Within(
            Rooms.JoinAsync(new CanonicalName(Key, Key), connection, connection.AsMember(), onlyIfLost: false, after), "the join");
        Assert.Equal(JoinOutcome.Joined, outcome);
        return connection;
    }

    /// <summary>Pushes a batch, as the inbox would.</summary>
    public void Push(params ChatMessage[] messages) => Room.OnMessages(Grain.Epoch, messages);
}
