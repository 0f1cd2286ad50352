using System.Diagnostics;
using ChitChatz.Tests.Support;

namespace ChitChatz.Tests.Gateway.Attacks;

/// <summary>THREATS F6, F11: floods of pings, and peers that answer none.</summary>
public sealed class PingTests(PingTests.Server server) : IClassFixture<PingTests.Server>
{
    private const int PerSecond = 20;
    private const int Pings = 40;

    [Fact]
    public async Task F6_Pings_BeyondTheirRate_AreAnsweredAndThePeerReadMoreSlowly()
    {
        await using RawWebSocket eve = await server.MemberAsync();
        long started = Stopwatch.GetTimestamp();
        await eve.SendAsync([.. Enumerable.Repeat(RawWebSocket.Frame(0x89, "hey"u8.ToArray()), Pings)]);
        for (int pongs = 0; pongs < Pings;)
        {
            (int opcode, byte[] payload) = (await eve.ReadPastTextsAsync())!.Value;
            pongs += opcode == 10 ? 1 : 0;
            Assert.True(opcode == 9 || payload.AsSpan().SequenceEqual("hey"u8));
        }

        // All but the burst of one are paid for before a frame behind them is read; the innocents do not notice.
        await server.TalkAsync();
        await eve.SendAsync(AttackedServer.Frame("message", eve.Jwt, "at last"));
        Assert.Equal("at last", (await server.Ann.ExpectMessageAsync()).Content);
        TimeSpan paid = Stopwatch.GetElapsedTime(started);
        Assert.True(paid > TimeSpan.FromSeconds((Pings - 2) / (double)PerSecond), $"The frame behind {Pings} pings was read after {paid}");
        Assert.Equal("at last", (await server.Bob.ExpectMessageAsync()).Content);
        eve.Reset();
        await server.AssertUnharmedAsync();
    }

    [Fact]
    public async Task F6_Pings_WithoutEnd_HoldUpNobodyElse()
    {
        await using RawWebSocket eve = await server.MemberAsync();
        Task flood = FloodAsync(eve);
        for (int i = 0; i < 20; i++)
        {
            await server.TalkAsync();
        }

        Assert.False(flood.IsCompleted);
        eve.Reset();
        await Deadline.Within(flood, "the end of a ping flood");
        await server.AssertUnharmedAsync();
    }

    [Fact]
    public async Task F11_Peer_WhenItAnswersNoPing_IsForgotten()
    {
        await using RawWebSocket eve = await server.MemberAsync();
        await eve.ReadToEndAsync();
        await server.AssertUnharmedAsync();
    }

    [Fact]
    public async Task F11_Peer_WhenItAnswersPings_Stays()
    {
        await using RawWebSocket eve = await server.MemberAsync();
        for (int pings = 0; pings < 3;)
        {
            (int opcode, byte[] payload) = (await eve.ReadPastTextsAsync())!.Value;
            Assert.Equal(9, opcode);
            await eve.SendAsync(RawWebSocket.Frame(0x8A, payload));
            pings++;
        }

        await eve.SendAsync(AttackedServer.Frame("get_room", eve.Jwt));
        Assert.Equal(AttackedServer.Room, (string?)(await eve.ReadEventAsync("room"))["data"]);
        eve.Reset();
        await server.AssertUnharmedAsync();
    }

    private static async Task FloodAsync(RawWebSocket eve)
    {
        byte[] pings = [.. Enumerable.Repeat(RawWebSocket.Frame(0x89, []), 10_000).SelectMany(static frame => frame)];
        try
        {
            while (true)
            {
                await eve.SendAsync(pings);
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The test has seen enough.
        }
    }

    /// <summary>Pings often and gives up soon.</summary>
    public sealed class Server : AttackedServer
    {
        protected override string[] Settings =>
            ["--Limits:PingSeconds=1", "--Limits:PongSeconds=1", $"--Limits:ControlFramesPerSecond={PerSecond}", "--Limits:ControlFramesBurst=1"];
    }
}
