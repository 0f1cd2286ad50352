using ChitChatz.Grains.Abstractions;

namespace ChitChatz.Benchmarks.Micro;

/// <summary>A room's grain that agrees to everything at once and keeps nothing.</summary>
internal sealed class SilentRoomGrain : IRoomGrain
{
    private static readonly Task<MembershipAnswer> s_agreed = Task.FromResult(
        new MembershipAnswer(MembershipStatus.Ok, Samples.Epoch, Head: 0, new RoomListing(Samples.Room, Samples.Room, 1, 1, 1), [], 0));

    public Task<MembershipAnswer> ChangeMembers(MembershipChange change) => s_agreed;

    public Task<MembershipAnswer> Introduce(Introduction introduction) => s_agreed;

    public Task<MembershipAnswer> Renew(LeaseRenewal renewal) => s_agreed;

    public Task<PostAnswer> Post(PostRequest request)
    {
        var results = new PostResult[request.Drafts.Length];
        Array.Fill(results, new PostResult(PostStatus.Stored, 1, Samples.At));

        // Nothing was pushed, so nobody is told of a head that would be looked for.
        return Task.FromResult(new PostAnswer(false, Samples.Epoch, Head: 0, results));
    }

    public Task<MessagePage> ReadAfter(long epoch, long after, int limit) => Task.FromResult(MessagePage.Empty(Samples.Epoch, 0));

    public Task<MessagePage> ReadBefore(long epoch, long before, int limit) => Task.FromResult(MessagePage.Empty(Samples.Epoch, 0));

    public Task<RoomPeople> ReadPeople() => Task.FromResult(new RoomPeople(0, true, 0, []));

    public Task ShowTyping(GatewayId gateway, long connection) => Task.CompletedTask;
}
