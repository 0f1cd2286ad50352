using System.Text;
using ChitChatz.Protocol;
using Xunit;

namespace ChitChatz.Tests.Protocol;

public class EventReaderTests
{
    [Theory]
    [InlineData("""{"event":"register","name":"ann"}""")]
    [InlineData("""{"event":"register","username":"ann"}""")]
    [InlineData("""{"event":"register","data":"ann"}""")]
    [InlineData("""{"event":"register","data":{"name":"ann"}}""")]
    [InlineData("""{"event":"register","data":{"username":"ann"}}""")]
    [InlineData("""{"event":"register","name":"ann","username":"ann","data":{"NAME":"\u0061nn"}}""")]
    [InlineData("""{"EVENT":"register","\u004eame":"ann"}""")]
    [InlineData("""{"name":"ann","username":null,"data":null,"event":"register","room":5,"text":{}}""")]
    [InlineData("""{"event":"reg\u0069ster","name":"ann"}""")]
    public void Read_WhenRegister_FindsTheName(string text)
    {
        var frame = Accept(text);
        Assert.Equal(new ClientFrame { Event = ClientEvent.Register, Name = "ann" }, frame);
    }

    [Theory]
    [InlineData("""{"event":"join_room","room":"lobby"}""", false)]
    [InlineData("""{"event":"join_room","room_name":"lobby"}""", false)]
    [InlineData("""{"event":"join_room","roomId":"lobby"}""", false)]
    [InlineData("""{"event":"join_room","data":"lobby"}""", false)]
    [InlineData("""{"event":"join_room","data":{"room":"lobby"}}""", true)]
    [InlineData("""{"event":"join_room","data":{"room_name":"lobby"}}""", true)]
    [InlineData("""{"event":"join_room","data":{"ROOMID":"lobby"}}""", true)]
    [InlineData("""{"event":"join_room","data":{"name":"lobby"}}""", true)]
    [InlineData("""{"event":"join_room","room":"lobby","data":{"room":"lobby"}}""", false)]
    [InlineData("""{"event":"join_room","room":"lobby","name":"ann","data":{}}""", false)]
    public void Read_WhenJoin_FindsTheRoomAndWhereItStood(string text, bool inside) =>
        Assert.Equal(new ClientFrame { Event = ClientEvent.JoinRoom, Room = "lobby", InsideData = inside }, Accept(text));

    [Theory]
    [InlineData("""{"event":"leave_room"}""", false)]
    [InlineData("""{"event":"leave_room","room":"lobby"}""", false)]
    [InlineData("""{"event":"leave_room","data":{}}""", false)]
    [InlineData("""{"event":"leave_room","data":{"x":"y"}}""", false)]
    [InlineData("""{"event":"leave_room","data":"lobby"}""", false)]
    [InlineData("""{"event":"leave_room","data":[]}""", false)]
    [InlineData("""{"event":"leave_room","data":{"room":null}}""", false)]
    [InlineData("""{"event":"leave_room","data":{"room":"lobby"}}""", true)]
    public void Read_WhenLeave_SaysWhetherItStoodInsideData(string text, bool inside) =>
        Assert.Equal(new ClientFrame { Event = ClientEvent.LeaveRoom, InsideData = inside }, Accept(text));

    [Theory]
    [InlineData("""{"event":"message","data":"hi"}""", null)]
    [InlineData("""{"event":"message","content":"hi"}""", null)]
    [InlineData("""{"event":"message","text":"hi"}""", null)]
    [InlineData("""{"event":"message","message":"hi"}""", null)]
    [InlineData("""{"event":"message","data":{"content":"hi"}}""", null)]
    [InlineData("""{"event":"message","data":{"text":"hi"}}""", null)]
    [InlineData("""{"event":"message","data":{"message":"hi"}}""", null)]
    [InlineData("""{"event":"message","data":{"message":"h\u0069"},"text":"hi","content":"hi"}""", null)]
    [InlineData("""{"event":"message","data":"hi","room":"lobby"}""", "lobby")]
    [InlineData("""{"event":"message","data":"hi","room_name":"lobby"}""", "lobby")]
    [InlineData("""{"event":"message","data":{"text":"hi","roomId":"lobby"},"room":"lobby"}""", "lobby")]
    [InlineData("""{"event":"message","data":"hi","room":null}""", null)]
    [InlineData("""{"event":"message","data":"hi","name":5,"user":"eve","from":"eve","seq":9,"ts":1,"epoch":{}}""", null)]
    [InlineData("""{"event":"message","data":{"text":"hi","name":"not a room","event":"rooms","data":5}}""", null)]
    public void Read_WhenMessage_FindsTheTextAndTheRoom(string text, string? room)
    {
        var frame = Accept(text);
        Assert.Equal("hi", Encoding.UTF8.GetString(frame.Text!));
        Assert.Equal(new ClientFrame { Event = ClientEvent.Message, Room = room }, frame with { Text = null });
    }

    [Theory]
    [InlineData("""{"event":"get_room"}""", ClientEvent.GetRoom)]
    [InlineData("""{"event":"get_room","data":"x"}""", ClientEvent.GetRoom)]
    [InlineData("""{"event":"get_rooms","data":5,"room":5,"name":[]}""", ClientEvent.GetRooms)]
    [InlineData("""{"event":"error","data":["bye"]}""", ClientEvent.Error)]
    [InlineData("""{"event":"error","data":"bye"}""", ClientEvent.Error)]
    [InlineData("""{"event":"error","data":{"a":{"b":[1]}}}""", ClientEvent.Error)]
    [InlineData("""{"event":"error"}""", ClientEvent.Error)]
    [InlineData(" \t\r\n{ \"event\" : \"get_room\" } \n", ClientEvent.GetRoom)]
    [InlineData("""{"event":"get_room","x":1e999,"__proto__":{"event":"x"},"$type":"T","constructor":null,"":0}""", ClientEvent.GetRoom)]
    [InlineData("""{"event":"get_room","x":{"a":1,"a":2,"A":"\ud83d\ude00"}}""", ClientEvent.GetRoom)]
    [InlineData("""{"event":"get_room","\u212a":1,"k":2,"K\u0000":3}""", ClientEvent.GetRoom)]
    public void Read_WhenEventHasNoFieldsOfItsOwn_IgnoresAllOthers(string text, ClientEvent expected) =>
        Assert.Equal(new ClientFrame { Event = expected }, Accept(text));

    [Theory]
    [InlineData("""{"event":"get_room","jwt":"aa.bb.cc"}""", "aa.bb.cc")]
    [InlineData("""{"event":"get_room","data":{"JWT":"aa.bb.cc"}}""", "aa.bb.cc")]
    [InlineData("""{"event":"get_room","data":{"jwt":"aa.bb.cc"},"jwt":"aa.b\u0062.cc"}""", "aa.bb.cc")]
    [InlineData("""{"event":"get_room","jwt":null}""", "")]
    [InlineData("""{"event":"get_room","jwt":""}""", "")]
    public void Read_WhenJwt_FindsIt(string text, string jwt) =>
        Assert.Equal(jwt, Encoding.UTF8.GetString(Accept(text).Jwt.Span));

    [Fact]
    public void Read_WhenJwtHasNoEscapes_PointsIntoTheFrame()
    {
        var bytes = """{"event":"get_room","jwt":"aa.bb.cc"}"""u8.ToArray();
        Assert.Null(EventReader.Read(bytes, 100, out var frame));
        bytes[bytes.AsSpan().IndexOf("bb"u8)] = (byte)'x';
        Assert.Equal("aa.xb.cc", Encoding.UTF8.GetString(frame.Jwt.Span));
    }

    [Theory]
    [InlineData("""{"event":"message","data":"\u0000\u001f\u2028\ud83d\ude00\"\\\/\b\f\n\r\t<"}""", "\0\u001f\u2028😀\"\\/\b\f\n\r\t<")]
    [InlineData("{\"event\":\"message\",\"data\":\"\u007f\u2028\uFEFF\uFFFF é e\u0301 %00 ../ ';--\"}", "\u007f\u2028\uFEFF\uFFFF é e\u0301 %00 ../ ';--")]
    public void Read_WhenTextHasOddCharacters_KeepsThem(string text, string expected) =>
        Assert.Equal(Encoding.UTF8.GetBytes(expected), Accept(text).Text);

    [Fact]
    public void Read_WhenMessageIsPlain_AllocatesItsTextOnly()
    {
        var bytes = Encoding.UTF8.GetBytes($$"""{"event":"message","data":"{{new string('x', 1000)}}","jwt":"aa.bb.cc"}""");
        EventReader.Read(bytes, 8000, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        EventReader.Read(bytes, 8000, out _);
        Assert.Equal(1024, GC.GetAllocatedBytesForCurrentThread() - before); // 1,000 bytes and an array's header
    }

    private static ClientFrame Accept(string text)
    {
        var error = EventReader.Read(Encoding.UTF8.GetBytes(text), 8000, out var frame);
        Assert.Null(error);
        return frame;
    }
}
