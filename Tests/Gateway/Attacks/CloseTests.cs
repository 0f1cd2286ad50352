using ChitChatz.Tests.Support;

namespace ChitChatz.Tests.Gateway.Attacks;

/// <summary>THREATS F7, F10: peers that do not hang up, and peers that say nothing.</summary>
[Collection(AttackCollection.Name)]
public sealed class CloseTests(AttackedServer server)
{
    private const int CloseSeconds = 5;
    private const int AuthenticateSeconds = 10;

    [Fact]
    public async Task F7_Peer_WhenItNeverAnswersOurClose_IsCut()
    {
        await using RawWebSocket eve = await server.MemberAsync();
        await eve.SendAsync(AttackedServer.Frame("error", eve.Jwt, "I give up"));
        Assert.Equal(1000, await eve.ReadToCloseAsync());
        server.Advance(CloseSeconds + 1);
        await eve.ReadToEndAsync();
        await server.AssertUnharmedAsync();
    }

    [Fact]
    public async Task F7_Peer_WhenItNeverHangsUpAfterAProtocolError_IsCut()
    {
        await using RawWebSocket eve = await server.MemberAsync();
        await eve.SendAsync(RawWebSocket.Frame(0x83, []));
        Assert.Equal(1002, await eve.ReadToCloseAsync());
        server.Advance(CloseSeconds + 1);
        await eve.ReadToEndAsync();
        await server.AssertUnharmedAsync();
    }

    [Theory]
    [InlineData(0x82, 1003)]
    [InlineData(0x83, 1002)]
    public async Task F7_Peer_WhenItSendsOnForeverAfterTheClose_IsCut(int first, int status)
    {
        await using RawWebSocket eve = await server.MemberAsync();
        await eve.SendAsync(RawWebSocket.Frame(first, []));
        Assert.Equal(status, await eve.ReadToCloseAsync());
        Task flood = FloodAsync(eve, AttackedServer.Frame("get_room", eve.Jwt));
        await server.TalkAsync();
        server.Advance(CloseSeconds + 1);
        await Deadline.Within(flood, "the end of a connection that sends on after its close");
        await server.AssertUnharmedAsync();
    }

    [Fact]
    public async Task F7_Peer_WhenItSendsOnAfterItsOwnClose_IsHeardNoMore()
    {
        await using RawWebSocket eve = await server.MemberAsync();
        await eve.SendAsync(RawWebSocket.Close(1000), AttackedServer.Frame("message", eve.Jwt, "from beyond"));
        Assert.Equal(1000, await eve.ReadToCloseAsync());
        await eve.ReadToEndAsync();
        await server.AssertUnharmedAsync();
    }

    [Fact]
    public async Task F10_Stranger_WhenItSaysNothing_IsToldAndClosedAtTheDeadline()
    {
        await using RawWebSocket eve = await server.StrangerAsync();
        server.Advance(AuthenticateSeconds + 1);
        Assert.Equal("not_registered", (string?)(await eve.ReadEventAsync("error"))["code"]);
        Assert.Equal(4001, await eve.ReadToCloseAsync());
        eve.Reset();
        await server.AssertUnharmedAsync();
    }

    [Fact]
    public async Task F10_Stranger_WhenItTalksWithoutEverRegistering_IsClosedAtTheDeadline()
    {
        await using RawWebSocket eve = await server.StrangerAsync();
        server.Advance(AuthenticateSeconds - 5);
        await eve.SendAsync(AttackedServer.Frame("get_room", jwt: null));
        Assert.Equal("no_token", (string?)(await eve.ReadEventAsync("error"))["code"]);
        server.Advance(6);
        Assert.Equal("not_registered", (string?)(await eve.ReadEventAsync("error"))["code"]);
        Assert.Equal(4001, await eve.ReadToCloseAsync());
        eve.Reset();
        await server.AssertUnharmedAsync();
    }

    [Fact]
    public async Task F10_Stranger_WhenItRegistersInTime_Stays()
    {
        await using RawWebSocket eve = await server.MemberAsync();
        server.Advance(AuthenticateSeconds + 1);
        await server.TalkAsync();
        await eve.ReadEventAsync("message");
        eve.Reset();
        await server.AssertUnharmedAsync();
    }

    [Fact]
    public async Task F11_Peer_WhenItIsGoneWithAReset_IsForgotten()
    {
        RawWebSocket eve = await server.MemberAsync();
        eve.Reset();
        await server.AssertUnharmedAsync();
    }

    private static async Task FloodAsync(RawWebSocket eve, byte[] frame)
    {
        byte[] many = [.. Enumerable.Repeat(frame, 100).SelectMany(static bytes => bytes)];
        try
        {
            while (true)
            {
                await eve.SendAsync(many);
            }
        }
        catch (IOException)
        {
            // Cut, as it should be.
        }
    }
}
