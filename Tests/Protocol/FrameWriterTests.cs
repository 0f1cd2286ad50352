using System.Buffers;
using System.Text;
using System.Text.Json;
using ChitChatz.Protocol;
using CsCheck;
using Xunit;

namespace ChitChatz.Tests.Protocol;

public class FrameWriterTests
{
    [Fact]
    public void Register_WhenWritten_HasEmptyDataAndTheToken() =>
        Assert.Equal("""{"event":"register","data":{},"jwt":"aa.bb.cc"}""", Write(output => FrameWriter.Register(output, "aa.bb.cc")));

    [Theory]
    [InlineData("lobby", """{"event":"room","data":"lobby"}""")]
    [InlineData("a\"<b", """{"event":"room","data":"a\"<b"}""")]
    [InlineData(null, """{"event":"room","data":null}""")]
    public void Room_WhenWritten_HasTheNameOrNull(string? room, string expected) =>
        Assert.Equal(expected, Write(output => FrameWriter.Room(output, room)));

    [Theory]
    [InlineData(null, """{"event":"rooms","data":["日本","order:42"]}""")]
    [InlineData("aa.bb.cc", """{"event":"rooms","data":["日本","order:42"],"jwt":"aa.bb.cc"}""")]
    public void Rooms_WhenWritten_KeepsTheOrder(string? jwt, string expected) =>
        Assert.Equal(expected, Write(output => FrameWriter.Rooms(output, ["日本", "order:42"], jwt)));

    [Fact]
    public void Rooms_WhenThereAreNone_IsAnEmptyList() =>
        Assert.Equal("""{"event":"rooms","data":[]}""", Write(output => FrameWriter.Rooms(output, [], null)));

    [Theory]
    [InlineData(null, """{"event":"message","data":{"from":"Zoë","content":"hi <b>&\"é"}}""")]
    [InlineData("aa.bb.cc", """{"event":"message","data":{"from":"Zoë","content":"hi <b>&\"é"},"jwt":"aa.bb.cc"}""")]
    public void Message_WhenWritten_HasSenderAndContent(string? jwt, string expected) =>
        Assert.Equal(expected, Write(output => FrameWriter.Message(output, "Zoë", "hi <b>&\"é"u8, jwt)));

    [Fact]
    public void Error_WhenWritten_HasTextsAndCode() =>
        Assert.Equal("""{"event":"error","data":["You are not in a room"],"code":"not_in_room"}""", Write(output => FrameWriter.Error(output, ErrorCodes.NotInRoom.Error)));

    [Theory]
    [InlineData("\u2028\u2029\u0085\uFEFF")]
    [InlineData("\0\u0001\u001f\u007f\t\r\n\b\f")]
    [InlineData("\"\\/'`<>&+%00")]
    [InlineData("😀❤️👨‍👩‍👧\uFFFE\uFFFF\U0010FFFF")]
    [InlineData("e\u0301 \u202E می‌خواهم")]
    public void Message_WhenTextHasOddCharacters_ArrivesByteForByte(string text)
    {
        var frame = Write(output => FrameWriter.Message(output, text, Encoding.UTF8.GetBytes(text), text));
        using var document = JsonDocument.Parse(frame);
        var data = document.RootElement.GetProperty("data");
        Assert.Equal(text, data.GetProperty("content").GetString());
        Assert.Equal(text, data.GetProperty("from").GetString());
        Assert.Equal(text, document.RootElement.GetProperty("jwt").GetString());
    }

    [Fact]
    public void Message_WhenReadBackAsAClients_HasTheSameText() =>
        Gen.String[1, 300].Where(text => !text.EnumerateRunes().Contains(Rune.ReplacementChar)).Sample(text =>
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            var frame = Encoding.UTF8.GetBytes(Write(output => FrameWriter.Message(output, "ann", bytes, "aa.bb.cc")));
            Assert.Null(EventReader.Read(frame, 1000, out var read));
            Assert.Equal(bytes, read.Text);
            Assert.Equal("aa.bb.cc", Encoding.UTF8.GetString(read.Jwt.Span));
        });

    private static string Write(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
