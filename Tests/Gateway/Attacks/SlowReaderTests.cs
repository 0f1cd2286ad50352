using ChitChatz.Tests.Support;

namespace ChitChatz.Tests.Gateway.Attacks;

/// <summary>THREATS F12: a member that does not read while its room talks.</summary>
public sealed class SlowReaderTests(SlowReaderTests.Server server) : IClassFixture<SlowReaderTests.Server>
{
    private const string Cut = "chitchatz.gateway.slow_readers";
    private const int SmallBuffer = 4_096;
    private const int CloseSeconds = 5;

    [Fact]
    public async Task F12_Member_WhenItReadsAgainAfterItsQueueWasFull_IsToldThatItWasTooSlow()
    {
        await using RawWebSocket eve = await server.MemberAsync(SmallBuffer);
        await FloodRoomAsync();
        Assert.Equal(4008, await eve.ReadToCloseAsync());
        eve.Reset();
        await server.AssertUnharmedAsync();
    }

    [Fact]
    public async Task F12_Member_WhenItNeverReads_IsCut()
    {
        await using RawWebSocket eve = await server.MemberAsync(SmallBuffer);
        await FloodRoomAsync();
        server.Advance(CloseSeconds + 1);
        await server.AssertUnharmedAsync();
    }

    /// <summary>The innocents talk until the silent member's queue is full, and miss nothing themselves.</summary>
    private async Task FloodRoomAsync()
    {
        // 24 KB each: the buffers of a loopback socket hold some megabytes before the queue fills.
        string text = new('€', 8_000);
        long before = server.Levels[Cut];
        for (int i = 0; server.Levels[Cut] == before; i++)
        {
            Assert.True(i < 2_000, "A member that does not read was not cut after 48 MB");
            await server.Ann.PostAsync(text);
            Assert.Equal(text, (await server.Ann.ExpectMessageAsync()).Content);
            Assert.Equal(text, (await server.Bob.ExpectMessageAsync()).Content);
        }

        Assert.Equal(before + 1, server.Levels[Cut]);
    }

    /// <summary>Keeps little for slow readers.</summary>
    public sealed class Server : AttackedServer
    {
        protected override string[] Settings => ["--Limits:OutboundQueueBytes=131072"];
    }
}
