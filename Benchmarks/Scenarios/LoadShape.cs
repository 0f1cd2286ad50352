using ChitChatz.Benchmarks.Wires;

namespace ChitChatz.Benchmarks.Scenarios;

/// <summary>Who is there and who speaks: the same members and senders in each room.</summary>
/// <param name="Rooms">Number of rooms.</param>
/// <param name="Members">Members of each room, the senders among them.</param>
/// <param name="Senders">Members of each room that send.</param>
internal sealed record LoadShape(int Rooms, int Members, int Senders)
{
    public int Connections => Rooms * Members;

    public string? Failure =>
        Rooms < 1 || Members < 1 || Senders < 1 ? "rooms, members and senders are at least 1"
        : Senders > Members ? "senders are members: there cannot be more of them"
        : Rooms * Senders > MessageText.MaxSenders ? $"at most {MessageText.MaxSenders} senders fit into the text"
        : null;
}
