using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using ChitChatz.Tests.Support;

namespace ChitChatz.Tests.Gateway.Attacks;

/// <summary>THREATS F1: frames and messages that are too long.</summary>
[Collection(AttackCollection.Name)]
public sealed class FrameSizeTests(AttackedServer server)
{
    private const int StrangersLimit = 8_192;
    private const int MembersLimit = 65_536;

    [Theory]
    [InlineData(StrangersLimit + 1)]
    [InlineData(long.MaxValue)]
    public async Task F1_Frame_WhenAStrangerDeclaresMoreThanTheLimit_IsToldTheLimitAndClosed(long declared)
    {
        await using RawWebSocket eve = await server.StrangerAsync();
        await eve.SendAsync(Header(declared), new byte[StrangersLimit + 1]);
        await AssertTooLargeAsync(eve);
        await server.AssertUnharmedAsync();
    }

    [Theory]
    [InlineData(MembersLimit + 1)]
    [InlineData(long.MaxValue)]
    public async Task F1_Frame_WhenAMemberDeclaresMoreThanTheLimit_IsToldTheLimitAndClosed(long declared)
    {
        await using RawWebSocket eve = await server.MemberAsync();
        await eve.SendAsync(Header(declared), new byte[MembersLimit + 1]);
        await AssertTooLargeAsync(eve);
        await server.AssertUnharmedAsync();
    }

    [Fact]
    public async Task F1_Message_WhenItsFragmentsTogetherAreTooLong_IsToldTheLimitAndClosed()
    {
        await using RawWebSocket eve = await server.MemberAsync();
        await eve.SendAsync(RawWebSocket.Frame(0x01, Letters(40_000)), RawWebSocket.Frame(0x00, Letters(40_000)));
        await AssertTooLargeAsync(eve);
        await server.AssertUnharmedAsync();
    }

    [Fact]
    public async Task F1_Message_WhenItStreamsOnAfterTheLimit_StillReceivesTheClose()
    {
        await using RawWebSocket eve = await server.MemberAsync();

        // Far more than the sockets' buffers hold: the server has to go on reading, or the close would be lost with a reset.
        await eve.SendAsync(Header(long.MaxValue), new byte[64 * 1024 * 1024]);
        await AssertTooLargeAsync(eve);
        await server.AssertUnharmedAsync();
    }

    [Fact]
    public async Task F1_Frame_WhenItsLengthHasTheHighestBit_IsAProtocolError()
    {
        await using RawWebSocket eve = await server.StrangerAsync();
        await eve.SendAsync(Header(-1));
        Assert.Equal(1002, await eve.ReadToCloseAsync());
        eve.Reset();
        await server.AssertUnharmedAsync();
    }

    [Fact]
    public async Task F1_Frame_WhenExactlyAtTheLimit_IsTaken()
    {
        await using RawWebSocket eve = await server.StrangerAsync();
        string name = SharedStandalone.Unique("eve");
        await eve.SendAsync(RawWebSocket.Frame(0x81, Padded(new JsonObject { ["event"] = "register", ["name"] = name }, StrangersLimit)));
        string jwt = (string)(await eve.ReadEventAsync("register"))["jwt"]!;
        await eve.SendAsync(RawWebSocket.Frame(0x81, Padded(new JsonObject { ["event"] = "get_room", ["jwt"] = jwt }, MembersLimit)));
        Assert.Null((await eve.ReadEventAsync("room"))["data"]);
        eve.Reset();
        await server.AssertUnharmedAsync();
    }

    private static async Task AssertTooLargeAsync(RawWebSocket eve)
    {
        List<JsonObject> texts = [];
        Assert.Equal(1009, await eve.ReadToCloseAsync(texts));
        Assert.Equal("too_large", (string?)texts[^1]["code"]);
        eve.Reset();
    }

    /// <summary>The header of a masked text frame that declares any length; the mask is zero, so the payload is as it is.</summary>
    private static byte[] Header(long length)
    {
        byte[] header = new byte[14];
        header[0] = 0x81;
        header[1] = 0x80 | 127;
        BinaryPrimitives.WriteInt64BigEndian(header.AsSpan(2), length);
        return header;
    }

    private static byte[] Padded(JsonObject frame, int length)
    {
        frame["pad"] = "";
        frame["pad"] = new string('x', length - Encoding.UTF8.GetByteCount(frame.ToJsonString()));
        return Encoding.UTF8.GetBytes(frame.ToJsonString());
    }

    private static byte[] Letters(int count) => Encoding.UTF8.GetBytes(new string('x', count));
}
