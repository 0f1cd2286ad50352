using ChitChatz.Gateway;
using ChitChatz.Grains;
using ChitChatz.Grains.Abstractions;
using ChitChatz.Grains.Gateways;
using ChitChatz.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Core.Internal;
using static ChitChatz.Tests.Grains.TestMessages;

namespace ChitChatz.Tests.Guarantees;

/// <summary>
/// A room gets a new activation while the clients of one gateway only listen. That gateway calls the room for nothing: it hears from the
/// room itself that it moved, and introduces its members. Renewals of leases never come back here, so that they cannot help.
/// </summary>
public sealed class MovedRoomTests
{
    private const string Room = "square";
    private const int Listeners = 3;

    // Longer than anything but renewals takes.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Listeners_WhoseRoomMoved_GetWhatIsSaidThere()
        => Assert.All(await MoveAsync(static inboxes => inboxes), static seq => Assert.Equal(1, seq));

    [Fact]
    public async Task Listeners_WhoseRoomMovedInSilence_GetNothing()
        => Assert.All(await MoveAsync(static inboxes => new SilentMoves(inboxes)), static seq => Assert.Equal(0, seq));

    /// <summary>Ends the room's activation, and lets another gateway wake it and say something. Returns what the listeners have then.</summary>
    private static async Task<long[]> MoveAsync(Func<IInboxes, IInboxes> decorate)
    {
        await using StandaloneApp app = await StandaloneApp.StartAsync(builder => Decorate(builder, decorate));
        await using GuaranteeRun run = new(app);
        run.AddUsers(Listeners, Room);
        await run.ConnectAllAsync();

        // A silo looks for new gateways every two seconds.
        LiveGatewayCache known = app.Services.GetRequiredService<LiveGatewayCache>();
        GatewayId gateway = app.Services.GetRequiredService<ThisGateway>().Id;
        await Deadline.Within(WhenKnownAsync(), "the gateway, in the silo's list");

        IClusterClient client = app.Services.GetRequiredService<IClusterClient>();
        IRoomGrain room = client.GetGrain<IRoomGrain>(Room);
        await room.AsReference<IGrainManagementExtension>().DeactivateOnIdle();

        // Another gateway that only posts.
        GatewayId other = GatewayId.New();
        await client.GetGrain<IGatewayRegistryGrain>(0).Renew(other);
        await room.ChangeMembers(Enter(other));
        Assert.Equal(PostStatus.Stored, (await room.Post(Post(other, 1, Draft("a")))).Results[0].Status);
        await run.WhenConvergedAsync([Room], s_patience);
        return [.. run.Users.Select(static user => user.Connection!.Position.Seq)];

        async Task WhenKnownAsync()
        {
            while (!known.Current.Contains(gateway))
            {
                await Task.Delay(20, GuaranteeRun.Token);
            }
        }
    }

    private static void Decorate(WebApplicationBuilder builder, Func<IInboxes, IInboxes> decorate)
    {
        builder.Services.AddSingleton<IInboxes>(services => decorate(services.GetRequiredService<StreamInboxes>()));
        builder.Services.AddSingleton<Func<string, IRoomGrain>>(services =>
        {
            IGrainFactory grains = services.GetRequiredService<IGrainFactory>();
            return key => new UnrenewedGrain(grains.GetGrain<IRoomGrain>(key));
        });
    }

    private sealed class UnrenewedGrain(IRoomGrain inner) : DecoratedRoomGrain(inner)
    {
        public override Task<MembershipAnswer> Renew(LeaseRenewal renewal) => Task.FromException<MembershipAnswer>(new TimeoutException());
    }

    private sealed class SilentMoves(IInboxes inner) : IInboxes
    {
        public ValueTask PublishAsync(GatewayId gateway, InboxItem item) => item is RoomMoved ? ValueTask.CompletedTask : inner.PublishAsync(gateway, item);
    }
}
