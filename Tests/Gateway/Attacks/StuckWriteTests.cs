using ChitChatz.Tests.Support;

namespace ChitChatz.Tests.Gateway.Attacks;

/// <summary>THREATS F8: the library's own error close waits behind a write that never ends, and nothing in it can be cancelled.</summary>
public sealed class StuckWriteTests(StuckWriteTests.Server server) : IClassFixture<StuckWriteTests.Server>
{
    private const int StuckSeconds = 10;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task F8_Peer_WhenItNeverReads_IsCutWhetherOrNotItBreaksTheProtocol(bool breaksTheProtocol)
    {
        await using RawWebSocket eve = await server.MemberAsync(receiveBuffer: 4_096);

        // 10 MB: more than the sockets' buffers hold, less than the queue does.
        string text = new('€', 8_000);
        for (int i = 0; i < 400; i++)
        {
            await server.Ann.PostAsync(text);
            await server.Ann.ExpectMessageAsync();
            await server.Bob.ExpectMessageAsync();
        }

        if (breaksTheProtocol)
        {
            await eve.SendAsync(RawWebSocket.Frame(0x83, []));
        }

        await server.TalkAsync();
        server.Advance(StuckSeconds + 1);
        await server.AssertUnharmedAsync();
        Assert.Equal(0, server.Levels["chitchatz.gateway.slow_readers"]);
    }

    /// <summary>Keeps so much for slow readers that they are not cut for that, and does not ping them.</summary>
    public sealed class Server : AttackedServer
    {
        protected override string[] Settings => ["--Limits:OutboundQueueBytes=134217728", "--Limits:PingSeconds=300", "--Limits:PongSeconds=300"];
    }
}
