using System.Text;
using System.Text.Json.Nodes;
using ChitChatz.Tests.Support;

namespace ChitChatz.Tests.Gateway.Attacks;

/// <summary>THREATS F4, F5: what RFC 6455 forbids is answered by the close that it names, which the peer receives.</summary>
[Collection(AttackCollection.Name)]
public sealed class FramingTests(AttackedServer server)
{
    private static readonly byte[] s_oneByteBeyond = new byte[126];

    /// <summary>What is sent, and the status of the close.</summary>
    public static TheoryData<string, byte[], int> Violations => new()
    {
        { "RSV1, as if deflate had been negotiated", RawWebSocket.Frame(0xC1, "x"u8.ToArray()), 1002 },
        { "RSV2", RawWebSocket.Frame(0xA1, "x"u8.ToArray()), 1002 },
        { "RSV3", RawWebSocket.Frame(0x91, "x"u8.ToArray()), 1002 },
        { "RSV1 on a ping", RawWebSocket.Frame(0xC9, []), 1002 },
        { "reserved data opcode 3", RawWebSocket.Frame(0x83, []), 1002 },
        { "reserved data opcode 7", RawWebSocket.Frame(0x87, []), 1002 },
        { "reserved control opcode 11", RawWebSocket.Frame(0x8B, []), 1002 },
        { "reserved control opcode 15", RawWebSocket.Frame(0x8F, []), 1002 },
        { "unmasked text", RawWebSocket.Frame(0x81, "text"u8.ToArray(), masked: false), 1002 },
        { "unmasked ping", RawWebSocket.Frame(0x89, "ping"u8.ToArray(), masked: false), 1002 },
        { "unmasked and empty, with more behind it", [.. RawWebSocket.Frame(0x81, [], masked: false), .. RawWebSocket.Text("{}")], 1002 },
        { "fragmented ping", RawWebSocket.Frame(0x09, []), 1002 },
        { "fragmented close", RawWebSocket.Frame(0x08, []), 1002 },
        { "ping of 126 bytes", RawWebSocket.Frame(0x89, s_oneByteBeyond), 1002 },
        { "close of 126 bytes", RawWebSocket.Frame(0x88, [3, 232, .. s_oneByteBeyond[2..]]), 1002 },
        { "continuation of nothing", RawWebSocket.Frame(0x80, "x"u8.ToArray()), 1002 },
        { "a text inside a text", [.. RawWebSocket.Frame(0x01, "x"u8.ToArray()), .. RawWebSocket.Frame(0x81, "x"u8.ToArray())], 1002 },
        { "close of one byte", RawWebSocket.Frame(0x88, [3]), 1002 },
        { "close with 999", RawWebSocket.Close(999), 1002 },
        { "close with 1004", RawWebSocket.Close(1004), 1002 },
        { "close with 1005", RawWebSocket.Close(1005), 1002 },
        { "close with 1006", RawWebSocket.Close(1006), 1002 },
        { "close with 1015", RawWebSocket.Close(1015), 1002 },
        { "close with 2000", RawWebSocket.Close(2000), 1002 },
        { "close with 5000", RawWebSocket.Close(5000), 1002 },
        { "close whose reason is not UTF-8", RawWebSocket.Frame(0x88, [3, 232, 0xC0, 0x80]), 1002 },
        { "overlong", RawWebSocket.Frame(0x81, [0xC0, 0x80]), 1007 },
        { "surrogate", RawWebSocket.Frame(0x81, [0xED, 0xA0, 0x80]), 1007 },
        { "beyond Unicode", RawWebSocket.Frame(0x81, [0xF4, 0x90, 0x80, 0x80]), 1007 },
        { "cut", RawWebSocket.Frame(0x81, [0x78, 0xE2, 0x82]), 1007 },
        { "cut at the end of the last fragment", [.. RawWebSocket.Frame(0x01, "x"u8.ToArray()), .. RawWebSocket.Frame(0x80, [0xE2, 0x82])], 1007 },
        { "Latin 1", RawWebSocket.Frame(0x81, [0xE9]), 1007 },
    };

    [Theory, MemberData(nameof(Violations))]
    public async Task F4F5_Frame_WhenItBreaksTheRules_IsClosedWithTheCodeOfTheRfc(string name, byte[] frame, int status)
    {
        await using RawWebSocket eve = await server.StrangerAsync();
        await eve.SendAsync(frame);
        int? closed = await eve.ReadToCloseAsync();
        Assert.True(closed == status, $"{name}: closed with {closed} instead of {status}");
        eve.Reset();
        await server.AssertUnharmedAsync();
    }

    [Theory]
    [InlineData(0xC1, 1002)]
    [InlineData(0x82, 1003)]
    public async Task F4_Frame_WhenItBreaksTheRulesAndThePeerSendsOn_StillReceivesTheClose(int first, int status)
    {
        await using RawWebSocket eve = await server.MemberAsync();
        byte[] good = AttackedServer.Frame("get_room", eve.Jwt);
        await eve.SendAsync([RawWebSocket.Frame(first, "x"u8.ToArray()), .. Enumerable.Repeat(good, 100_000)]);
        Assert.Equal(status, await eve.ReadToCloseAsync());
        eve.Reset();
        await server.AssertUnharmedAsync();
    }

    [Fact]
    public async Task F4_Frame_WhenItBreaksTheRules_SendsTheAnswersBeforeIt()
    {
        await using RawWebSocket eve = await server.MemberAsync();
        await eve.SendAsync(AttackedServer.Frame("get_room", eve.Jwt));
        await eve.ReadEventAsync("room");
        await eve.SendAsync(RawWebSocket.Frame(0x83, []));
        Assert.Equal(1002, await eve.ReadToCloseAsync());
        eve.Reset();
        await server.AssertUnharmedAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    public async Task F4_Frame_WhenBinary_IsToldAndClosedWith1003(int length)
    {
        await using RawWebSocket eve = await server.MemberAsync();
        await eve.SendAsync(RawWebSocket.Frame(0x82, new byte[length]));
        List<JsonObject> texts = [];
        Assert.Equal(1003, await eve.ReadToCloseAsync(texts));
        Assert.Equal("bad_request", (string?)texts[^1]["code"]);
        eve.Reset();
        await server.AssertUnharmedAsync();
    }

    [Fact]
    public async Task F5_Text_WhenACodePointIsSplitAcrossFragments_IsTaken()
    {
        await using RawWebSocket eve = await server.MemberAsync();
        byte[] text = AttackedServer.Json("message", eve.Jwt, "é€😀");
        int face = text.AsSpan().IndexOf("😀"u8);
        await eve.SendAsync(RawWebSocket.Frame(0x01, text[..(face + 1)]));
        await eve.SendAsync(RawWebSocket.Frame(0x00, text[(face + 1)..(face + 3)]));
        await eve.SendAsync(RawWebSocket.Frame(0x89, "between"u8.ToArray()));
        await eve.SendAsync(RawWebSocket.Frame(0x80, text[(face + 3)..]));
        Assert.Equal("é€😀", (await server.Ann.ExpectMessageAsync()).Content);
        Assert.Equal("é€😀", (await server.Bob.ExpectMessageAsync()).Content);
        eve.Reset();
        await server.AssertUnharmedAsync();
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(1001)]
    [InlineData(3000)]
    [InlineData(4999)]
    public async Task F4_Close_WhenItsStatusIsValid_IsAnswered(int status)
    {
        await using RawWebSocket eve = await server.StrangerAsync();
        await eve.SendAsync(RawWebSocket.Close(status));
        Assert.Equal(1000, await eve.ReadToCloseAsync());
        await eve.ReadToEndAsync();
        await server.AssertUnharmedAsync();
    }
}
