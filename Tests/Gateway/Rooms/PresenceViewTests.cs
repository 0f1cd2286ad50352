using ChitChatz.Gateway.Rooms;
using ChitChatz.Grains.Abstractions;

namespace ChitChatz.Tests.Gateway.Rooms;

public sealed class PresenceViewTests
{
    private readonly PresenceView _view = new();

    [Fact]
    public void TryApply_OfTheNextChange_TellsIt()
    {
        Apply(1, "ann", "bob");
        Assert.Equal("+carl 3", Change(2, 3, ["carl"], []));
        Assert.Equal("-ann 2", Change(3, 2, [], ["ann"]));
        Assert.Equal("", Change(3, 2, [], ["ann"]));
        Assert.Equal(3, _view.Version);
    }

    [Fact]
    public void TryApply_WhenOneWasMissed_AsksForTheWholeAndTellsTheDifference()
    {
        Apply(1, "ann", "bob");
        Assert.Equal("?", Change(3, 2, ["carl"], []));
        Assert.Equal("+carl 2, -ann 2", Apply(3, "bob", "carl"));
    }

    [Fact]
    public void TryApply_BeforeTheWholeIsKnown_AsksForItAndTellsNothing()
    {
        Assert.Equal("?", Change(1, 1, ["ann"], []));
        Assert.Equal("", Apply(1, "ann"));
    }

    [Fact]
    public void Apply_OfARoomThatIsNotSettled_TakesNobodyAway()
    {
        Apply(1, "ann", "bob");
        Assert.Equal("+carl 3", Told(notices => _view.Apply(new RoomPeople(500, Settled: false, 2, ["bob", "carl"]), notices)));
        Assert.Equal("-ann 2", Told(notices => _view.Apply(new RoomPeople(500, Settled: true, 2, ["bob", "carl"]), notices)));
    }

    [Fact]
    public void TryApply_OfALargeRoom_TellsOnlyCounts()
    {
        Told(notices => _view.Apply(new RoomPeople(1, true, 1_000, [.. Enumerable.Range(0, 200).Select(static n => $"{n}")]), notices));
        Assert.Equal("+ 1002", Change(2, 1_002, [], []));
        Assert.Equal("- 999", Change(3, 999, [], []));
        Assert.Equal("?", Change(4, 200, [], ["a"]));
        Assert.Equal("", Told(notices => _view.Apply(new RoomPeople(4, true, 200, [.. Enumerable.Range(0, 200).Select(static n => $"{n}")]), notices)));
        Assert.Equal("-7 199", Change(5, 199, [], ["7"]));
    }

    private string Apply(long version, params string[] names) => Told(notices => _view.Apply(new RoomPeople(version, true, names.Length, names), notices));

    private string Change(long version, int count, string[] joined, string[] left)
    {
        bool whole = false;
        string told = Told(notices => whole = _view.TryApply(new PresenceChanged("room", version, count, joined, left), notices));
        return whole ? told : told + "?";
    }

    private static string Told(Action<List<PresenceNotice>> act)
    {
        List<PresenceNotice> notices = [];
        act(notices);
        return string.Join(", ", notices.Select(static notice => $"{(notice.Joined ? '+' : '-')}{notice.Name} {notice.Count}"));
    }
}
