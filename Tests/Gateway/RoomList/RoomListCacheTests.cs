using ChitChatz.Gateway.RoomList;
using ChitChatz.Grains.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ChitChatz.Tests.Gateway.RoomList;

/// <summary>The merged list, whatever way and in whatever order the listings come.</summary>
public sealed class RoomListCacheTests
{
    private readonly HashSet<string> _local = [];
    private readonly FakeTimeProvider _time = new();
    private readonly RoomListCache _cache;
    private int _changes;

    public RoomListCacheTests()
    {
        _cache = new RoomListCache(_local.Contains, _time);
        _cache.Changed += () => _changes++;
    }

    [Fact]
    public void Apply_ListsInOrderOfCreation()
    {
        _cache.Apply(Listing("b", listedAt: 2));
        _cache.Apply(Listing("a", listedAt: 2));
        _cache.Apply(Listing("c", listedAt: 1));
        Assert.Equal(["c", "a", "b"], _cache.Snapshot().Names);
    }

    [Fact]
    public void Apply_OfAnOlderVersion_ChangesNothing()
    {
        _cache.Apply(Listing("a", count: 0, version: 5));
        _cache.Apply(Listing("a", version: 4));
        Assert.Empty(_cache.Snapshot().Names);
        _cache.Apply(Listing("a", version: 6));
        Assert.Equal(["a"], _cache.Snapshot().Names);
    }

    [Fact]
    public void Apply_OfAMereCount_TellsNobody()
    {
        _cache.Apply(Listing("a", count: 1, version: 1));
        RoomListSnapshot before = _cache.Snapshot();
        _cache.Apply(Listing("a", count: 2, version: 2));
        Assert.Equal(1, _changes);
        Assert.Same(before, _cache.Snapshot());
    }

    [Fact]
    public void Apply_OfARemoval_WhileMembersAreHere_KeepsTheRoom()
    {
        _local.Add("a");
        _cache.Apply(Listing("a", version: 1));
        _cache.Apply(Listing("a", count: 0, version: 2));
        Assert.Equal(["a"], _cache.Snapshot().Names);
    }

    [Fact]
    public void Apply_OfAWholeShard_DropsItsRoomsThatAreGone()
    {
        string[] keys = KeysOfOneShard(3);
        int shard = RoomDirectory.ShardOf(keys[0]);
        foreach (string key in keys)
        {
            _cache.Apply(Listing(key));
        }

        _cache.Apply(shard, new DirectoryAnswer(10, WarmingUp: false, [Listing(keys[1])]));
        Assert.Equal([keys[1]], _cache.Snapshot().Names);
    }

    [Fact]
    public void Apply_OfAShardThatWarmsUp_OnlyAdds()
    {
        string[] keys = KeysOfOneShard(2);
        _cache.Apply(Listing(keys[0]));
        _cache.Apply(RoomDirectory.ShardOf(keys[0]), new DirectoryAnswer(10, WarmingUp: true, [Listing(keys[1])]));
        Assert.Equal(keys.Order(), _cache.Snapshot().Names.Order());
    }

    [Fact]
    public void Apply_OfAShardThatAPushOvertook_ChangesNothing()
    {
        string[] keys = KeysOfOneShard(1);
        int shard = RoomDirectory.ShardOf(keys[0]);
        _cache.Apply(shard, new DirectoryAnswer(10, WarmingUp: false, []));
        _cache.Apply(new RoomListChanged(shard, 11, [Listing(keys[0])]));
        _cache.Apply(shard, new DirectoryAnswer(10, WarmingUp: false, []));
        Assert.Equal(keys, _cache.Snapshot().Names);
        Assert.Equal(11, _cache.ShardVersion(shard));
    }

    [Fact]
    public void Apply_AfterALostPush_LeavesTheShardToBeReadAgain()
    {
        string[] keys = KeysOfOneShard(1);
        int shard = RoomDirectory.ShardOf(keys[0]);
        _cache.Apply(shard, new DirectoryAnswer(10, WarmingUp: false, []));
        _cache.Apply(new RoomListChanged(shard, 12, [Listing(keys[0])]));
        Assert.Equal(10, _cache.ShardVersion(shard));
    }

    [Fact]
    public void Snapshot_OfMoreThanAThousand_ShowsTheLargestAndTheOwn()
    {
        List(1_200);
        RoomListSnapshot snapshot = _cache.Snapshot();
        Assert.Equal(1_000, snapshot.Names.Length);
        Assert.Equal("r0200", snapshot.Names[0]);
        Assert.False(snapshot.Shows("r0007"));
        string[] own = snapshot.NamesWith(_cache.Find("r0007")!);
        Assert.Equal(["r0007", .. snapshot.Names], own);
    }

    [Fact]
    public void NamesWith_PutsTheOwnRoomInItsPlace()
    {
        RoomListSnapshot snapshot = new(1, [Listing("a", listedAt: 1), Listing("c", listedAt: 2), Listing("d", listedAt: 3)]);
        Assert.Equal(["a", "b", "c", "d"], snapshot.NamesWith(Listing("b", listedAt: 2)));
        Assert.Equal(["0", "a", "c", "d"], snapshot.NamesWith(Listing("0", listedAt: 1)));
        Assert.Equal(["a", "c", "d", "e"], snapshot.NamesWith(Listing("e", listedAt: 9)));
    }

    [Fact]
    public void FrameWith_WhenAskedAgain_IsTheSameFrame()
    {
        RoomListSnapshot snapshot = new(1, [Listing("a", listedAt: 1)]);
        Assert.Same(snapshot.FrameWith(Listing("b", count: 1)), snapshot.FrameWith(Listing("b", count: 2)));
        Assert.NotSame(snapshot.FrameWith(Listing("b")), snapshot.FrameWith(Listing("c")));
    }

    [Fact]
    public void Snapshot_OfMoreThanAThousand_IsMadeOnceASecond()
    {
        List(1_200);
        RoomListSnapshot before = _cache.Snapshot();
        _cache.Apply(Listing("r0007", count: 5_000, listedAt: 7, version: 2));
        Assert.Same(before, _cache.Snapshot());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(_cache.Snapshot().Shows("r0007"));
        _cache.Apply(Listing("r0008", count: 5_000, listedAt: 8, version: 2));
        Assert.True(_cache.Refresh().Shows("r0008"));
    }

    [Fact]
    public void Snapshot_WhenTheThousandAndFirstRoomIsSmall_DoesNotShowIt()
    {
        List(1_000);
        Assert.Equal(1_000, _cache.Snapshot().Names.Length);
        _cache.Apply(Listing("small", listedAt: 5_000));
        _cache.Apply(Listing("r0000", count: 2, listedAt: 0, version: 2));
        Assert.False(_cache.Snapshot().Shows("small"));
    }

    [Fact]
    public void Snapshot_OfUpToAThousand_IsNeverOld()
    {
        List(1_002);
        Assert.Equal(1_000, _cache.Snapshot().Names.Length);
        _cache.Apply(Listing("r0001", count: 0, listedAt: 1, version: 2));
        _cache.Apply(Listing("r0002", count: 0, listedAt: 2, version: 2));
        _cache.Apply(Listing("r0003", count: 0, listedAt: 3, version: 2));
        Assert.Equal(999, _cache.Snapshot().Names.Length);
        _cache.Apply(Listing("new", listedAt: 5_000));
        Assert.True(_cache.Snapshot().Shows("new"));
    }

    [Fact]
    public void Snapshot_OfALaterList_HasAHigherNumber()
    {
        long before = _cache.Snapshot().Number;
        _cache.Apply(Listing("a"));
        Assert.True(_cache.Snapshot().Number > before);
    }

    [Fact]
    public void Apply_OfManyRemovals_RemembersABoundedNumber()
    {
        for (int i = 0; i < 50_000; i++)
        {
            _cache.Apply(Listing($"k{i}", count: 0, version: 2));
        }

        Assert.InRange(_cache.TombstoneCount, 1, 20_000);
    }

    [Fact]
    public void Apply_OfAShardThatDidNotChange_ForgetsOldRemovals()
    {
        _cache.Apply(Listing("a", count: 0, version: 2));
        _cache.Apply(0, new DirectoryAnswer(0, WarmingUp: false, null));
        Assert.Equal(1, _cache.TombstoneCount);
        _time.Advance(TimeSpan.FromSeconds(61));
        _cache.Apply(0, new DirectoryAnswer(0, WarmingUp: false, null));
        Assert.Equal(0, _cache.TombstoneCount);
    }

    [Fact]
    public void Apply_OfASecondRemoval_RemembersItsWholeTime()
    {
        _cache.Apply(Listing("a", count: 0, version: 2));
        _time.Advance(TimeSpan.FromSeconds(40));
        _cache.Apply(Listing("a", count: 0, version: 4));
        _time.Advance(TimeSpan.FromSeconds(40));
        _cache.Apply(0, new DirectoryAnswer(0, WarmingUp: false, null));
        _cache.Apply(Listing("a", version: 3));
        Assert.Empty(_cache.Snapshot().Names);
    }

    [Fact]
    public void Snapshot_ThatReadsTheSameAgain_IsTheSame()
    {
        _cache.Apply(Listing("a", version: 1));
        RoomListSnapshot before = _cache.Snapshot();
        _cache.Apply(Listing("b", version: 1));
        _cache.Apply(Listing("b", count: 0, version: 2));
        Assert.Same(before, _cache.Snapshot());
    }

    /// <summary>Rooms r0000 and on, each larger by one than the one before.</summary>
    private void List(int rooms)
    {
        for (int i = 0; i < rooms; i++)
        {
            _cache.Apply(Listing($"r{i:D4}", count: i + 1, listedAt: i));
        }
    }

    private static string[] KeysOfOneShard(int count)
        => [.. Enumerable.Range(0, 1_000).Select(static i => $"k{i}").Where(static key => RoomDirectory.ShardOf(key) == 0).Take(count)];

    private static RoomListing Listing(string key, int count = 1, long listedAt = 1, long version = 1) => new(key, key, count, listedAt, version);
}
