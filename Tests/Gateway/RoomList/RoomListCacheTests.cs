using ChitChatz.Gateway.RoomList;
using ChitChatz.Grains.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ChitChatz.Tests.Gateway.RoomList;

/// <summary>The merged list, whatever way and in whatever order the listings come.</summary>
public sealed class RoomListCacheTests
{
    private readonly HashSet<string> _local = [];
    private readonly RoomListCache _cache;
    private int _changes;

    public RoomListCacheTests()
    {
        _cache = new RoomListCache(_local.Contains, new FakeTimeProvider());
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
        for (int i = 0; i < 1_200; i++)
        {
            _cache.Apply(Listing($"r{i:D4}", count: i + 1, listedAt: i));
        }

        RoomListSnapshot snapshot = _cache.Snapshot();
        Assert.Equal(1_000, snapshot.Names.Length);
        Assert.Equal("r0200", snapshot.Names[0]);
        Assert.False(snapshot.Shows("r0007"));
        string[] own = _cache.SnapshotWith("r0007");
        Assert.Equal(1_001, own.Length);
        Assert.Equal("r0007", own[0]);
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

    private static string[] KeysOfOneShard(int count)
        => [.. Enumerable.Range(0, 1_000).Select(static i => $"k{i}").Where(static key => RoomDirectory.ShardOf(key) == 0).Take(count)];

    private static RoomListing Listing(string key, int count = 1, long listedAt = 1, long version = 1) => new(key, key, count, listedAt, version);
}
