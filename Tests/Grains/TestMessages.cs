using System.Text;
using ChitChatz.Grains.Abstractions;

namespace ChitChatz.Tests.Grains;

/// <summary>Short words for what the tests of the grains send.</summary>
internal static class TestMessages
{
    public static Draft Draft(string id, string text = "hi", long connection = 1, string sub = "ann") =>
        new(connection, sub, sub, id, Encoding.UTF8.GetBytes(text));

    public static ChatMessage Message(long seq, string id, string text = "hi", string sub = "ann") =>
        new(seq, sub, sub, id, Encoding.UTF8.GetBytes(text), 5);

    public static Member Member(long connection = 1, string sub = "ann") => new(connection, sub, sub);

    public static Arrival Arrival(long connection = 1, string sub = "ann", bool onlyIfLost = false) => new(Member(connection, sub), onlyIfLost);

    public static MembershipChange Change(GatewayId gateway, long number, Arrival[] arrivals, params Departure[] departures) =>
        new(gateway, number, "Lobby", arrivals, departures, StartsAnew: number is 1 or NewStay);

    /// <summary>The first number of a later stay of a gateway in the room.</summary>
    public const long NewStay = 1_000;

    public static MembershipChange Enter(GatewayId gateway, long number = 1, long connection = 1, string sub = "ann") =>
        Change(gateway, number, [Arrival(connection, sub)]);

    public static PostRequest Post(GatewayId gateway, long number, params Draft[] drafts) => new(gateway, number, drafts);

    public static RoomListing Listing(string key, int count, long version, long listedAt = 1) => new(key, key, count, listedAt, version);
}
