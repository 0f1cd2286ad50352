using ChitChatz.Grains.Rooms;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ChitChatz.Tests.Grains;

public sealed class RoomCardTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly RoomCard _card;

    public RoomCardTests() => _card = new RoomCard("lobby", _time);

    [Fact]
    public void Name_WhenSpelledTwice_IsTheFirstSpelling()
    {
        Assert.Equal("lobby", _card.Name);
        _card.Spell("Lobby");
        _card.Spell("LOBBY");
        Assert.Equal("Lobby", _card.Name);
    }

    [Fact]
    public void Name_WhenTheLogHasOne_IsTheLogs()
    {
        _card.Spell("LOBBY");
        _card.NameFromLog(null);
        _card.NameFromLog("Lobby");
        _card.Spell("LoBBy");
        Assert.Equal("Lobby", _card.Name);
    }

    [Fact]
    public void ListedAt_WhenRoomEmptiesAndFills_IsTheLastRiseFromZero()
    {
        _card.Counts(1);
        _card.TryRenew();
        long first = _card.Listing.ListedAt;
        _time.Advance(TimeSpan.FromSeconds(1));
        _card.Counts(2);
        _card.TryRenew();
        Assert.Equal(first, _card.Listing.ListedAt);

        _card.Counts(0);
        _card.Counts(1);
        _card.TryRenew();
        Assert.Equal(first + 1000, _card.Listing.ListedAt);
    }

    [Fact]
    public void ListedSince_WhenAGatewayRemembersAnOlderTime_TakesIt()
    {
        _card.Counts(1);
        _card.TryRenew();
        long own = _card.Listing.ListedAt;
        _card.ListedSince(0);
        _card.ListedSince(own + 5);
        Assert.False(_card.TryRenew());
        _card.ListedSince(own - 5);
        Assert.True(_card.TryRenew());
        Assert.Equal(own - 5, _card.Listing.ListedAt);
    }

    [Fact]
    public void TryRenew_WhenNothingChanged_KeepsTheListing()
    {
        _card.Counts(1);
        Assert.True(_card.TryRenew());
        long version = _card.Listing.Version;
        _card.Counts(1);
        Assert.False(_card.TryRenew());
        _card.Counts(2);
        Assert.True(_card.TryRenew());
        Assert.Equal(version + 1, _card.Listing.Version);
    }

    [Fact]
    public void Version_WhenActivatedAnew_IsGreater()
    {
        for (int i = 1; i <= 100; i++)
        {
            _card.Counts(i);
            _card.TryRenew();
        }

        _time.Advance(TimeSpan.FromMilliseconds(1));
        RoomCard next = new("lobby", _time);
        next.Counts(1);
        next.TryRenew();
        Assert.True(next.Listing.Version > _card.Listing.Version);
    }
}
