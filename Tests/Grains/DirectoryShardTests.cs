using ChitChatz.Grains.Abstractions;
using ChitChatz.Grains.RoomLists;
using Microsoft.Extensions.Time.Testing;
using Xunit;
using static ChitChatz.Tests.Grains.TestMessages;

namespace ChitChatz.Tests.Grains;

public sealed class DirectoryShardTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly DirectoryShard _shard;

    public DirectoryShardTests() => _shard = new DirectoryShard(_time);

    [Fact]
    public void Report_WhenRoomIsNew_IsAChange()
    {
        _shard.Report([Listing("a", 1, 1)]);
        Assert.Equal([Listing("a", 1, 1)], _shard.TakeChanges());
        Assert.False(_shard.HasChanges);
        Assert.Equal([Listing("a", 1, 1)], _shard.Answer(0).Listings!);
    }

    [Fact]
    public void Report_WhenListingIsOlderOrTheSame_IsNoChange()
    {
        _shard.Report([Listing("a", 1, 5)]);
        _shard.TakeChanges();
        _shard.Report([Listing("a", 9, 4), Listing("a", 1, 5)]);
        Assert.Empty(_shard.TakeChanges());
        Assert.Equal([Listing("a", 1, 5)], _shard.Answer(0).Listings!);
    }

    [Fact]
    public void Report_WhenRoomEmpties_DelistsItAndIgnoresLateReports()
    {
        _shard.Report([Listing("a", 1, 1)]);
        _shard.TakeChanges();
        _shard.Report([Listing("a", 0, 2)]);
        Assert.Equal([Listing("a", 0, 2)], _shard.TakeChanges());
        _shard.Report([Listing("a", 1, 1)]);
        Assert.Empty(_shard.TakeChanges());
        Assert.Empty(_shard.Answer(0).Listings!);
    }

    [Fact]
    public void Report_WhenEmptyRoomWasNeverListed_IsNoChange()
    {
        _shard.Report([Listing("a", 0, 1)]);
        Assert.False(_shard.HasChanges);
    }

    [Fact]
    public void TakeChanges_WhenRoomChangedTwice_BringsTheNewestInOneVersion()
    {
        long before = _shard.Version;
        _shard.Report([Listing("a", 1, 1)]);
        _shard.Report([Listing("a", 2, 2), Listing("b", 1, 1)]);
        Assert.Equal([Listing("a", 2, 2), Listing("b", 1, 1)], _shard.TakeChanges());
        Assert.Equal(before + 1, _shard.Version);
    }

    [Fact]
    public void Expire_WhenLeaseLapsed_DelistsWithANewerVersion()
    {
        _shard.Report([Listing("a", 1, 1), Listing("b", 1, 1)]);
        _shard.TakeChanges();
        _time.Advance(TimeSpan.FromSeconds(44));
        _shard.Expire();
        Assert.False(_shard.HasChanges);
        _shard.Report([Listing("b", 1, 1)]);
        _time.Advance(TimeSpan.FromSeconds(1));
        _shard.Expire();
        Assert.Equal([Listing("a", 0, 2)], _shard.TakeChanges());
        Assert.Equal([Listing("b", 1, 1)], _shard.Answer(0).Listings!);
    }

    [Fact]
    public void Answer_WhenVersionIsKnown_BringsNoListings()
    {
        _shard.Report([Listing("a", 1, 1)]);
        _shard.TakeChanges();
        DirectoryAnswer first = _shard.Answer(0);
        Assert.Null(_shard.Answer(first.Version).Listings);
    }

    [Fact]
    public void Answer_WhenChangesWait_HasThemBeforeTheirPush()
    {
        _shard.Report([Listing("a", 1, 1)]);
        _shard.TakeChanges();
        _shard.Answer(0);
        _shard.Report([Listing("b", 1, 1)]);
        DirectoryAnswer answer = _shard.Answer(0);
        Assert.Equal(["a", "b"], answer.Listings!.Select(listing => listing.Key).Order());
        _shard.TakeChanges();
        Assert.Equal(answer.Version + 1, _shard.Version);
        Assert.Equal(2, _shard.Answer(0).Listings!.Length);
    }

    [Fact]
    public void Answer_WhenWarmUpEnds_HasANewVersionSoThatAllFetchTheWholeList()
    {
        DirectoryAnswer warming = _shard.Answer(0);
        Assert.True(warming.WarmingUp);
        _time.Advance(TimeSpan.FromSeconds(15));
        DirectoryAnswer warm = _shard.Answer(warming.Version);
        Assert.False(warm.WarmingUp);
        Assert.Equal(warming.Version + 1, warm.Version);
        Assert.NotNull(warm.Listings);
        Assert.Null(_shard.Answer(warm.Version).Listings);
    }

    [Fact]
    public void Version_WhenActivatedAnew_IsGreater()
    {
        for (int i = 1; i <= 100; i++)
        {
            _shard.Report([Listing("a", i, i)]);
            _shard.TakeChanges();
        }

        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(new DirectoryShard(_time).Version > _shard.Version);
    }
}
