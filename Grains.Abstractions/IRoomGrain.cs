namespace ChitChatz.Grains.Abstractions;

/// <summary>
/// A room: its sequence, its members, its log. The key is the room's canonical key (NFKC, case-folded name).
/// Gateways speak for their connections: each holds a lease on the rooms that its connections are in.
/// Expected outcomes are values; an exception means a broken machine and may be retried with the same ids.
/// </summary>
[Alias("chitchatz.IRoomGrain")]
public interface IRoomGrain : IGrainWithStringKey
{
    /// <summary>Some connections of a gateway come and go. Renews the lease.</summary>
    [Alias("ChangeMembers")]
    Task<MembershipAnswer> ChangeMembers(MembershipChange change);

    /// <summary>A gateway asserts all its members of this room; they replace what the grain had of that gateway.</summary>
    [Alias("Introduce")]
    Task<MembershipAnswer> Introduce(Introduction introduction);

    /// <summary>Renews a gateway's lease and returns the head of the log.</summary>
    [Alias("Renew")]
    Task<MembershipAnswer> Renew(LeaseRenewal renewal);

    /// <summary>Appends drafts in their order; answers when all of them are durable or refused. Renews the lease.</summary>
    [Alias("Post")]
    Task<PostAnswer> Post(PostRequest request);

    /// <summary>
    /// Reads up to <paramref name="limit"/> messages (1 to 1,000; at most 1 MiB of texts, but at least one message)
    /// with a seq above <paramref name="after"/>, oldest first, from the log.
    /// </summary>
    [Alias("ReadAfter")]
    Task<MessagePage> ReadAfter(long epoch, long after, int limit);

    /// <summary>
    /// Reads up to <paramref name="limit"/> messages (1 to 1,000; at most <see cref="HistoryLimits.Bytes"/> of texts, but at least one
    /// message) with a seq below <paramref name="before"/>, the newest of them, in ascending order.
    /// </summary>
    [Alias("ReadBefore")]
    Task<MessagePage> ReadBefore(long epoch, long before, int limit);

    /// <summary>Who is in the room now.</summary>
    [Alias("ReadPeople")]
    Task<RoomPeople> ReadPeople();

    /// <summary>Tells the gateways with members that watch that the holder of a connection is typing; nothing if the connection is not in the room.</summary>
    [Alias("ShowTyping")]
    Task ShowTyping(GatewayId gateway, long connection);
}
