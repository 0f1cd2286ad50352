using System.Text;
using System.Text.Json.Nodes;
using ChitChatz.Tests.Support;

namespace ChitChatz.Tests.Gateway.Attacks;

/// <summary>THREATS F2, F3: messages in too many pieces, or that never end.</summary>
[Collection(AttackCollection.Name)]
public sealed class FragmentTests(AttackedServer server)
{
    private const int Most = 16;
    private const int MessageSeconds = 5;

    [Fact]
    public async Task F2_Message_WhenItsFragmentsAreEmptyAndEndless_IsClosedForIt()
    {
        await using RawWebSocket eve = await server.StrangerAsync();
        await eve.SendAsync(RawWebSocket.Frame(0x01, []));
        for (int i = 0; i < Most; i++)
        {
            await eve.SendAsync(RawWebSocket.Frame(0x00, []));
        }

        await AssertForbiddenAsync(eve);
        await server.AssertUnharmedAsync();
    }

    [Fact]
    public async Task F2_Message_WhenThousandsOfEmptyFragmentsGoOn_StillReceivesTheClose()
    {
        await using RawWebSocket eve = await server.MemberAsync();
        byte[] empty = RawWebSocket.Frame(0x00, []);
        await eve.SendAsync([RawWebSocket.Frame(0x01, []), .. Enumerable.Repeat(empty, 100_000)]);
        await AssertForbiddenAsync(eve);
        await server.AssertUnharmedAsync();
    }

    [Fact]
    public async Task F3_Message_InFragmentsOfAByte_IsClosedForIt()
    {
        await using RawWebSocket eve = await server.MemberAsync();
        byte[] text = AttackedServer.Json("message", eve.Jwt, "letter by letter");
        await eve.SendAsync([.. text.Select(static (letter, i) => RawWebSocket.Frame(i == 0 ? 0x01 : 0x00, [letter]))]);
        await AssertForbiddenAsync(eve);
        await server.AssertUnharmedAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task F3_Message_InAsManyFragmentsAsAllowed_IsTaken(bool inOneWrite)
    {
        await using RawWebSocket eve = await server.MemberAsync();
        byte[] text = AttackedServer.Json("message", eve.Jwt, "piece by piece");
        byte[][] pieces = [.. text.Chunk((text.Length + Most - 1) / Most)];
        byte[][] frames = [.. pieces.Select((piece, i) => RawWebSocket.Frame((i == 0 ? 0x01 : 0x00) | (i == pieces.Length - 1 ? 0x80 : 0), piece))];
        Assert.Equal(Most, frames.Length);
        if (inOneWrite)
        {
            await eve.SendAsync(frames);
        }
        else
        {
            foreach (byte[] frame in frames)
            {
                await eve.SendAsync(frame);
            }
        }

        Assert.Equal("piece by piece", (await server.Ann.ExpectMessageAsync()).Content);
        Assert.Equal("piece by piece", (await server.Bob.ExpectMessageAsync()).Content);
        eve.Reset();
        await server.AssertUnharmedAsync();
    }

    [Fact]
    public async Task F3_Message_WhenAFragmentIsFollowedBySilence_IsClosedAtTheDeadline()
    {
        await using RawWebSocket eve = await server.MemberAsync();
        await eve.SendAsync(RawWebSocket.Frame(0x01, Encoding.UTF8.GetBytes("{\"event\":")));

        // The server has the fragment once it has answered a ping behind it.
        await eve.SendAsync(RawWebSocket.Frame(0x89, []));
        Assert.Equal(10, (await eve.ReadPastTextsAsync())?.Opcode);
        server.Advance(MessageSeconds + 1);
        await AssertForbiddenAsync(eve);
        await server.AssertUnharmedAsync();
    }

    [Fact]
    public async Task F3_Message_WhenItsFrameStopsInTheMiddle_IsClosedAtTheDeadline()
    {
        await using RawWebSocket eve = await server.MemberAsync();
        byte[] frame = RawWebSocket.Text(new string('x', 1_000));

        // A first message and the half of a second in one write: when the answer comes, the half is there.
        await eve.SendAsync(AttackedServer.Frame("get_room", eve.Jwt), frame[..500]);
        await eve.ReadEventAsync("room");
        await AdvanceUntilClosedAsync(eve);
        await server.AssertUnharmedAsync();
    }

    // When the server starts to read the second half cannot be seen from outside; each step is a deadline of its own.
    private async Task AdvanceUntilClosedAsync(RawWebSocket eve)
    {
        Task closed = AssertForbiddenAsync(eve);
        using PeriodicTimer steps = new(TimeSpan.FromMilliseconds(200));
        while (!closed.IsCompleted && await steps.WaitForNextTickAsync(TestContext.Current.CancellationToken))
        {
            server.Advance(MessageSeconds + 1);
        }

        await closed;
    }

    private static async Task AssertForbiddenAsync(RawWebSocket eve)
    {
        List<JsonObject> texts = [];
        Assert.Equal(1008, await eve.ReadToCloseAsync(texts));
        Assert.Equal("bad_request", (string?)texts[^1]["code"]);
        eve.Reset();
    }
}
