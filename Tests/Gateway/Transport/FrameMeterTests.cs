using ChitChatz.Gateway.Transport;
using ChitChatz.Tests.Support;

namespace ChitChatz.Tests.Gateway.Transport;

/// <summary>Frames are counted right however the stream is cut into reads.</summary>
public sealed class FrameMeterTests
{
    public static TheoryData<int> Cuts => [1, 2, 3, 7, 100_000];

    [Theory, MemberData(nameof(Cuts))]
    public void Observe_CountsFragmentsOfTheLastMessage(int cut)
    {
        byte[] stream =
        [
            .. RawWebSocket.Frame(0x81, new byte[300]),
            .. RawWebSocket.Frame(0x01, new byte[70_000]),
            .. RawWebSocket.Frame(0x00, []),
            .. RawWebSocket.Frame(0x89, new byte[125]),
            .. RawWebSocket.Frame(0x00, new byte[5], masked: false),
            .. RawWebSocket.Frame(0x80, new byte[126]),
        ];
        FrameMeter meter = Observe(stream, cut);
        Assert.Equal(4, meter.Fragments);
        Assert.Equal(1, meter.ControlFrames);
    }

    [Fact]
    public void Observe_OfANewMessage_StartsToCountAnew()
    {
        FrameMeter meter = Observe([.. RawWebSocket.Frame(0x01, [1]), .. RawWebSocket.Frame(0x80, [2]), .. RawWebSocket.Frame(0x81, [3])], 1);
        Assert.Equal(1, meter.Fragments);
    }

    private static FrameMeter Observe(byte[] stream, int cut)
    {
        FrameMeter meter = new();
        foreach (byte[] part in stream.Chunk(cut))
        {
            meter.Observe(part);
        }

        return meter;
    }
}
