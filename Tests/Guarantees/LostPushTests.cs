using System.Diagnostics;
using System.Diagnostics.Metrics;
using ChitChatz.Chaos.Checking;
using ChitChatz.Chaos.Clients;
using ChitChatz.Gateway;
using ChitChatz.Gateway.Inbox;
using ChitChatz.Grains;
using ChitChatz.Grains.Abstractions;
using ChitChatz.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Streams;

namespace ChitChatz.Tests.Guarantees;

/// <summary>T5: pushes are lost, repeated and late, the inbox is taken away; everybody has everything in the end, also the last message of a quiet room.</summary>
public sealed class LostPushTests
{
    private const int Seed = 20_261_125;
    private static readonly string[] s_rooms = ["red", "green", "blue"];

    private static int Sends => GuaranteeRun.IsLong ? 20_000 : 1_500;

    [Fact]
    public async Task Members_WhosePushesAreLost_HaveEverythingInTheEnd()
    {
        UnreliableInboxes inboxes = null!;
        await using StandaloneApp app = await StartAsync(made => inboxes = made);
        using MeterLevels meters = new(app.Services.GetRequiredService<IMeterFactory>());
        await using GuaranteeRun run = await FillAsync(app);
        (inboxes.Drop, inboxes.Repeat, inboxes.Delay) = (10, 5, 10);
        await SendAllAsync(run, Sends / 2);
        inboxes.Drop = 100;
        await SendAllAsync(run, 50);
        (inboxes.Drop, inboxes.Repeat, inboxes.Delay) = (10, 5, 10);
        await RemoveInboxAsync(app);
        await SendAllAsync(run, Sends / 2);

        // The last message of each room is the one that is lost, and then nobody says anything.
        inboxes.Drop = 100;
        await SendAllAsync(run, s_rooms.Length);
        await run.WhenConvergedAsync(s_rooms, TimeSpan.FromSeconds(30));
        run.History.Fault($"pushes: {inboxes.Faults}");
        Verdict verdict = await run.CheckAsync("T5", s_rooms);
        long gaps = meters["chitchatz.gateway.gaps"];
        long reads = meters["chitchatz.gateway.gap_reads"];
        TestContext.Current.TestOutputHelper?.WriteLine($"pushes dropped, repeated, late: {inboxes.Faults}; {gaps} holes seen, {reads} reads of the log");
        Assert.True(verdict.IsClean, verdict.ToString());
        Assert.True(reads <= 2 * Math.Min(gaps, inboxes.Faults.Dropped + inboxes.Faults.Delayed), $"{reads} reads for {gaps} holes and {inboxes.Faults} pushes");
    }

    [Fact]
    public async Task QuietRoom_WhoseLastPushWasLost_IsCompleteWithin30Seconds()
    {
        UnreliableInboxes inboxes = null!;
        await using StandaloneApp app = await StartAsync(made => inboxes = made, builder => Decorate(builder, static grain => new TersePost(grain)));
        await using GuaranteeRun run = await FillAsync(app);
        inboxes.Drop = 100;
        await SendAllAsync(run, s_rooms.Length);
        long lost = Stopwatch.GetTimestamp();
        await run.WhenConvergedAsync(s_rooms, TimeSpan.FromSeconds(30));
        TimeSpan complete = Stopwatch.GetElapsedTime(lost);
        Verdict verdict = await run.CheckAsync("T5 quiet room", s_rooms);
        TestContext.Current.TestOutputHelper?.WriteLine($"{inboxes.Faults.Dropped} last pushes lost; complete {complete.TotalSeconds:N1} s after them");
        Assert.True(verdict.IsClean, verdict.ToString());
    }

    [Fact]
    public async Task QuietRoom_WithoutHeadsInRenewals_IsNotComplete()
    {
        UnreliableInboxes inboxes = null!;
        await using StandaloneApp app = await StartAsync(made => inboxes = made, builder => Decorate(builder, static grain => new HeadlessGrain(grain)));
        await using GuaranteeRun run = await FillAsync(app);
        inboxes.Drop = 100;
        await SendAllAsync(run, s_rooms.Length);
        await run.WhenConvergedAsync(s_rooms, TimeSpan.FromSeconds(12));
        Verdict verdict = await run.CheckAsync("T5 control", s_rooms);
        Assert.Contains(verdict.Violations, static violation => violation.Invariant == Invariant.NotConverged);
    }

    private static Task<StandaloneApp> StartAsync(Action<UnreliableInboxes> made, Action<WebApplicationBuilder>? configure = null)
        => StandaloneApp.StartAsync(
            builder =>
            {
                builder.Services.AddSingleton<IInboxes>(services =>
                {
                    UnreliableInboxes inboxes = new(services.GetRequiredService<StreamInboxes>(), Seed);
                    made(inboxes);
                    return inboxes;
                });
                configure?.Invoke(builder);
            },
            "--Limits:RateLimits=false");

    private static void Decorate(WebApplicationBuilder builder, Func<IRoomGrain, IRoomGrain> decorate)
        => builder.Services.AddSingleton<Func<string, IRoomGrain>>(services =>
        {
            IGrainFactory grains = services.GetRequiredService<IGrainFactory>();
            return key => decorate(grains.GetGrain<IRoomGrain>(key));
        });

    private static async Task<GuaranteeRun> FillAsync(StandaloneApp app)
    {
        GuaranteeRun run = new(app);
        Array.ForEach(s_rooms, room => run.AddUsers(6, room));
        await run.ConnectAllAsync();
        return run;
    }

    /// <summary>The first two users of each room send; the others only listen.</summary>
    private static Task SendAllAsync(GuaranteeRun run, int count)
    {
        int left = count;
        return Task.WhenAll(run.Users.Where(static (_, i) => i % 6 < 2).Select(async user =>
        {
            for (int number; (number = Interlocked.Decrement(ref left)) >= 0;)
            {
                await user.SendAsync($"message {number}", GuaranteeRun.Token);
            }
        }));
    }

    private static async Task RemoveInboxAsync(StandaloneApp app)
    {
        IAsyncStream<InboxItem> stream = app.Services.GetRequiredService<IClusterClient>().GetStreamProvider(StreamNames.Provider)
            .GetStream<InboxItem>(StreamNames.Inbox(app.Services.GetRequiredService<ThisGateway>().Id));
        foreach (StreamSubscriptionHandle<InboxItem> handle in await stream.GetAllSubscriptionHandles())
        {
            await handle.UnsubscribeAsync();
        }
    }

    /// <summary>Only renewals tell heads, as to a gateway of which nobody posts.</summary>
    private sealed class TersePost(IRoomGrain inner) : DecoratedRoomGrain(inner)
    {
        public override async Task<PostAnswer> Post(PostRequest request) => await base.Post(request) with { Head = 0 };
    }

    /// <summary>Nothing tells heads.</summary>
    private sealed class HeadlessGrain(IRoomGrain inner) : DecoratedRoomGrain(inner)
    {
        public override async Task<PostAnswer> Post(PostRequest request) => await base.Post(request) with { Head = 0 };

        public override async Task<MembershipAnswer> Renew(LeaseRenewal renewal) => await base.Renew(renewal) with { Head = 0 };

        public override async Task<MembershipAnswer> Introduce(Introduction introduction) => await base.Introduce(introduction) with { Head = 0 };
    }
}
