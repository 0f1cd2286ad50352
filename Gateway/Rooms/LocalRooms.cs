using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using ChitChatz.Gateway.Connections;
using ChitChatz.Gateway.RoomList;
using ChitChatz.Grains.Abstractions;
using ChitChatz.Protocol;
using Microsoft.Extensions.Logging;

namespace ChitChatz.Gateway.Rooms;

/// <summary>The rooms that local connections are in, by key, and what each of them works with.</summary>
#pragma warning disable CA1001 // A source of cancellation without a timer holds nothing to dispose of.
internal sealed class LocalRooms
#pragma warning restore CA1001
{
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMilliseconds(500);

    /// <summary>For how long after a loss calls are made in a hurry: until all rooms of the lost silo are elsewhere.</summary>
    private static readonly TimeSpan s_hurry = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_hurriedAttempt = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_hurriedPause = TimeSpan.FromMilliseconds(80);

    private readonly ConcurrentDictionary<string, LocalRoom> _rooms = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<LocalRoom, bool> _behind = new();
    private readonly ConcurrentDictionary<LocalRoom, bool> _skipping = new();
    private readonly string _idPrefix = Convert.ToBase64String(Guid.NewGuid().ToByteArray().AsSpan(0, 9)) + ".";
    private long _lastId;
    private long _stays;
    private CancellationTokenSource _calls = new();
    private long _hurriesUntil;

    public LocalRooms(ThisGateway self, Func<string, IRoomGrain> grains, GatewayInstruments instruments, TimeProvider time, ILogger<LocalRooms> logger)
    {
        Gateway = self.Id;
        Grains = grains;
        Instruments = instruments;
        Time = time;
        Logger = logger;
        List = new RoomListCache(key => TryGet(key, out LocalRoom? room) && room.HasMembers, time);
    }

    public GatewayId Gateway { get; }

    /// <summary>The grain of a room, by its key.</summary>
    public Func<string, IRoomGrain> Grains { get; }

    public GatewayInstruments Instruments { get; }

    public TimeProvider Time { get; }

    public ILogger Logger { get; }

    /// <summary>The list of all rooms of the cluster, which the answers about local rooms keep fresh.</summary>
    public RoomListCache List { get; }

    /// <summary>Cancelled when the calls under way should be made again. A call to a silo that died is not broken by its death.</summary>
    public CancellationToken Calls => Volatile.Read(ref _calls).Token;

    /// <summary>The rooms, as they come and go.</summary>
    public IEnumerable<LocalRoom> All => _rooms.Select(static pair => pair.Value);

    /// <summary>How many there are.</summary>
    public int Count => _rooms.Count;

    /// <summary>
    /// An id for a text whose sender gave none: no client can send the sign that it starts with, no two processes give the same, and it rises, so that
    /// the log finds the newest ids of a room side by side.
    /// </summary>
    public string NewId() => string.Create(CultureInfo.InvariantCulture, $"{Draft.OwnIdMark}{_idPrefix}{Interlocked.Increment(ref _lastId):x10}");

    /// <summary>A room that local connections are in.</summary>
    public bool TryGet(string key, [NotNullWhen(true)] out LocalRoom? room) => _rooms.TryGetValue(key, out room);

    /// <summary>Brings a connection into a room.</summary>
    public async Task<(JoinOutcome Outcome, LocalRoom Room)> JoinAsync(CanonicalName name, IRoomConnection connection, Member member, bool onlyIfLost, LogPosition? after)
    {
        while (true)
        {
            LocalRoom room = _rooms.GetOrAdd(name.Key, static (key, state) => new LocalRoom(key, state.Display, state.Rooms), (name.Display, Rooms: this));
            if (room.TryJoin(connection, member, onlyIfLost, after) is { } outcome)
            {
                return (await outcome, room);
            }
        }
    }

    /// <summary>
    /// Where a room's change numbers start: above those of every earlier stay in it, so that a call that was late for an earlier one
    /// changes nothing in this one.
    /// </summary>
    public long NextFirstNumber() => Interlocked.Increment(ref _stays) << 32;

    /// <summary>How long one attempt of a call may take; the same is then asked again.</summary>
    public static readonly TimeSpan Attempt = TimeSpan.FromMilliseconds(750);

    /// <summary>How long to wait before a call is made once more beside the first. While rooms move an answer comes soon or not at all.</summary>
    public TimeSpan HedgeAfter => IsHurried ? s_hurriedAttempt : Attempt;

    /// <summary>How long a read may take.</summary>
    public static readonly TimeSpan Read = TimeSpan.FromSeconds(2);

    /// <summary>How long a read of the log may take before the same is read again. Pages are large, so a read is not made beside another.</summary>
    public TimeSpan ReadAttempt => IsHurried ? Attempt : Read;

    /// <summary>How long at most to pause between attempts.</summary>
    public TimeSpan LongestPause => IsHurried ? s_hurriedPause : s_longestPause;

    private bool IsHurried => Time.GetTimestamp() < Volatile.Read(ref _hurriesUntil);

    /// <summary>A silo was lost: nobody waits for an answer that may never come; the same is asked again, with the same ids.</summary>
    public void RepeatCalls()
    {
        Volatile.Write(ref _hurriesUntil, Time.GetTimestamp() + (long)(s_hurry.TotalSeconds * Time.TimestampFrequency));
        CancellationTokenSource calls = Interlocked.Exchange(ref _calls, new CancellationTokenSource());
        _ = calls.CancelAsync();
    }

    /// <summary>Forgets a room that nothing holds any more.</summary>
    public void Remove(LocalRoom room) => _rooms.TryRemove(KeyValuePair.Create(room.Key, room));

    /// <summary>Remembers a room that knows a head beyond what it delivered.</summary>
    public void WatchBehind(LocalRoom room) => _behind[room] = true;

    /// <summary>Remembers a room with a member that reads too slowly.</summary>
    public void WatchSkipping(LocalRoom room) => _skipping[room] = true;

    /// <summary>Lets the rooms with slow members look whether those have caught up.</summary>
    public void CheckSkipping() => Check(_skipping, static room => room.CheckSkipping());

    /// <summary>Whether a room knows a head beyond what it delivered.</summary>
    public bool IsAnyBehind => !_behind.IsEmpty;

    /// <summary>Lets the rooms that are behind look whether it is time to ask the log.</summary>
    public void CheckBehind() => Check(_behind, static room => room.CheckBehind());

    private static void Check(ConcurrentDictionary<LocalRoom, bool> watched, Func<LocalRoom, bool> check)
    {
        foreach ((LocalRoom room, bool _) in watched)
        {
            // Forgotten first: what happens while this one looks puts the room back.
            watched.TryRemove(room, out _);
            if (check(room))
            {
                watched[room] = true;
            }
        }
    }
}
