using System.Text;
using ChitChatz.Protocol;
using Xunit;
using ErrorCode = ChitChatz.Protocol.ErrorCode; // Orleans has one too

namespace ChitChatz.Tests.Protocol;

public class EventReaderRefusalTests
{
    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("[]")]
    [InlineData("""[{"event":"get_room"}]""")]
    [InlineData("\"x\"")]
    [InlineData("5")]
    [InlineData("1e999")]
    [InlineData("NaN")]
    [InlineData("{")]
    [InlineData("""{"event":"get_room" """)]
    [InlineData("""{"event":"get_room"}x""")]
    [InlineData("""{"event":"get_room"}{}""")]
    [InlineData("""{"event":"get_room"},""")]
    [InlineData("{\"event\":\"get_room\"}\0")]
    [InlineData("""{"event":"get_room",}""")]
    [InlineData("""{"event":"get_room","x":[1,]}""")]
    [InlineData("""{"event":"get_room","x":NaN}""")]
    [InlineData("""{"event":"get_room","x":-Infinity}""")]
    [InlineData("""{"event":"get_room","x":01}""")]
    [InlineData("""{"event":"get_room","x":'y'}""")]
    [InlineData("""{event:"get_room"}""")]
    [InlineData("""{"event":"get_room"/*x*/}""")]
    [InlineData("{\"event\":\"get_room\"}//x")]
    [InlineData("\uFEFF{\"event\":\"get_room\"}")]
    [InlineData("{\"event\":\"message\",\"data\":\"a\nb\"}")]
    [InlineData("{\"event\":\"message\",\"data\":\"a\0b\"}")]
    [InlineData("""{"event":"message","data":"\x41"}""")]
    [InlineData("""{"event":"message","data":"\ud800"}""")]
    [InlineData("""{"event":"message","data":"\udc00\ud800"}""")]
    [InlineData("""{"event":"message","data":"\ud800\u0041"}""")]
    [InlineData("""{"event":"message","data":"\ud800x\udc00"}""")]
    [InlineData("""{"event":"get_room","x":"\ud800"}""")]
    [InlineData("""{"event":"get_room","x":[{"y":"\udc00"}]}""")]
    [InlineData("""{"event":"get_room","x":[{"\udc00":1}]}""")]
    [InlineData("""{"event":"get_room","\ud800":1}""")]
    public void Read_WhenNotWellFormed_IsBadJson(string text) => Refuse(ErrorCodes.BadJson, text);

    [Theory]
    [InlineData("""{"event":"get_room","event":"get_room"}""")]
    [InlineData("""{"event":"get_room","Event":"get_room"}""")]
    [InlineData("""{"event":"get_room","jwt":"a","jwt":"a"}""")]
    [InlineData("""{"event":"get_room","jwt":null,"JWT":"a"}""")]
    [InlineData("""{"event":"get_room","jwt":"a","\u006awt":"a"}""")]
    [InlineData("""{"event":"get_room","x":1,"X":1}""")]
    [InlineData("""{"event":"get_room","\u00e9":1,"É":1}""")]
    [InlineData("""{"event":"get_room","data":{"x":1,"x":1}}""")]
    [InlineData("""{"event":"get_room","data":{"Data":1,"data":1}}""")]
    [InlineData("""{"event":"get_room","data":{"room":"a","ROOM":"a"}}""")]
    [InlineData("""{"data":{"room":"a"},"event":"get_room","Data":{}}""")]
    public void Read_WhenAFieldIsRepeated_IsBadJson(string text) => Refuse(ErrorCodes.BadJson, text);

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"event":null}""")]
    [InlineData("""{"event":5}""")]
    [InlineData("""{"event":{}}""")]
    [InlineData("""{"event":""}""")]
    [InlineData("""{"event":"Message","data":"x"}""")]
    [InlineData("""{"event":" message","data":"x"}""")]
    [InlineData("""{"event":"nothing"}""")]
    [InlineData("""{"event":"room"}""")]
    [InlineData("""{"event":"rooms","data":[]}""")]
    [InlineData("""{"event":"ack"}""")]
    [InlineData("""{"event":"gap"}""")]
    [InlineData("""{"data":{"event":"get_room"}}""")]
    public void Read_WhenTheEventIsNoneOfAClients_IsBadRequest(string text) => Refuse(ErrorCodes.BadRequest, text);

    [Theory]
    [InlineData("""{"event":"register"}""")]
    [InlineData("""{"event":"register","name":null}""")]
    [InlineData("""{"event":"register","name":5}""")]
    [InlineData("""{"event":"register","name":"a","username":[]}""")]
    [InlineData("""{"event":"register","name":"a","username":"b"}""")]
    [InlineData("""{"event":"register","name":"a","username":"A"}""")]
    [InlineData("""{"event":"register","name":"a","data":"b"}""")]
    [InlineData("""{"event":"register","name":"a","data":[]}""")]
    [InlineData("""{"event":"register","name":"a","data":{"name":"b"}}""")]
    [InlineData("""{"event":"register","name":"a","jwt":5}""")]
    [InlineData("""{"event":"join_room"}""")]
    [InlineData("""{"event":"join_room","name":"lobby"}""")]
    [InlineData("""{"event":"join_room","room":5}""")]
    [InlineData("""{"event":"join_room","room":{}}""")]
    [InlineData("""{"event":"join_room","room":"a","data":{"room":"b"}}""")]
    [InlineData("""{"event":"join_room","room":"a","data":{"name":"b"}}""")]
    [InlineData("""{"event":"join_room","room":"a","data":true}""")]
    [InlineData("""{"event":"message"}""")]
    [InlineData("""{"event":"message","data":""}""")]
    [InlineData("""{"event":"message","data":{}}""")]
    [InlineData("""{"event":"message","data":{"data":"x"}}""")]
    [InlineData("""{"event":"message","data":["x"]}""")]
    [InlineData("""{"event":"message","data":5}""")]
    [InlineData("""{"event":"message","text":{}}""")]
    [InlineData("""{"event":"message","data":"x","text":"y"}""")]
    [InlineData("""{"event":"message","data":"x","text":""}""")]
    [InlineData("""{"event":"message","data":"x","room":5}""")]
    [InlineData("""{"event":"message","data":"x","room":"a","roomId":"b"}""")]
    [InlineData("""{"event":"get_room","jwt":5}""")]
    [InlineData("""{"event":"get_room","jwt":"a","data":{"jwt":"b"}}""")]
    [InlineData("""{"event":"leave_room","jwt":["a"]}""")]
    public void Read_WhenAFieldIsMissingOrWrong_IsBadRequest(string text) => Refuse(ErrorCodes.BadRequest, text);

    [Theory]
    [InlineData("C080")]
    [InlineData("EDA080")]
    [InlineData("F4908080")]
    [InlineData("FF")]
    [InlineData("E282")]
    public void Read_WhenNotUtf8_IsBadJson(string hex)
    {
        byte[] bytes = [.. """{"event":"message","data":"x"""u8, .. Convert.FromHexString(hex), .. "\"}"u8];
        Assert.Equal(ErrorCodes.BadJson, EventReader.Read(bytes, 100, out _)?.Code);
        byte[] unread = [.. """{"event":"get_room","x":"x"""u8, .. Convert.FromHexString(hex), .. "\"}"u8];
        Assert.Equal(ErrorCodes.BadJson, EventReader.Read(unread, 100, out _)?.Code);
    }

    private static void Refuse(ErrorCode expected, string text)
    {
        var error = EventReader.Read(Encoding.UTF8.GetBytes(text), 8000, out var frame);
        Assert.NotNull(error);
        Assert.Equal(expected, error.Code);
        Assert.Equal(default, frame);
        Assert.DoesNotContain('\n', error.Message);
    }
}
