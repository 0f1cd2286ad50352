using ChitChatz.Grains.Rooms;

namespace ChitChatz.Tests.Grains;

public sealed class RoomPresenceTests
{
    private readonly RoomPresence _presence = new(version: 10);

    [Fact]
    public void Take_WhenPeopleCameAndWent_NamesEachOnce()
    {
        _presence.Enter("ann");
        _presence.Enter("ann");
        _presence.Enter("bob");
        Assert.Equal("+ann +bob", Told());
        _presence.Leave("ann");
        Assert.False(_presence.HasChanges);
        _presence.Leave("ann");
        Assert.Equal("-ann", Told());
        Assert.Equal((1, 12), (_presence.Count, _presence.Version));
    }

    [Fact]
    public void Take_WhenSomebodyCameAndWentMeanwhile_SaysNothing()
    {
        _presence.Enter("ann");
        _presence.Take();
        _presence.Leave("ann");
        _presence.Enter("ann");
        _presence.Enter("bob");
        _presence.Leave("bob");
        Assert.False(_presence.HasChanges);
        _presence.Leave("nobody");
        Assert.False(_presence.HasChanges);
    }

    private string Told()
    {
        (string[] joined, string[] left) = _presence.Take();
        return string.Join(' ', joined.Order().Select(static name => "+" + name).Concat(left.Order().Select(static name => "-" + name)));
    }
}
