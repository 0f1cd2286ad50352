using ChitChatz.Grains.Abstractions;

namespace ChitChatz.Tests.Guarantees;

/// <summary>A room as its gateway sees it, by way of a test.</summary>
internal class DecoratedRoomGrain(IRoomGrain inner) : IRoomGrain
{
    public virtual Task<MembershipAnswer> ChangeMembers(MembershipChange change) => inner.ChangeMembers(change);

    public virtual Task<MembershipAnswer> Introduce(Introduction introduction) => inner.Introduce(introduction);

    public virtual Task<MembershipAnswer> Renew(LeaseRenewal renewal) => inner.Renew(renewal);

    public virtual Task<PostAnswer> Post(PostRequest request) => inner.Post(request);

    public Task<MessagePage> ReadAfter(long epoch, long after, int limit) => inner.ReadAfter(epoch, after, limit);

    public Task<MessagePage> ReadBefore(long epoch, long before, int limit) => inner.ReadBefore(epoch, before, limit);

    public Task<RoomPeople> ReadPeople() => inner.ReadPeople();

    public Task ShowTyping(GatewayId gateway, long connection) => inner.ShowTyping(gateway, connection);
}
