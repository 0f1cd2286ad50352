using System.Text;
using System.Text.Json.Nodes;
using ChitChatz.Tests.Support;

namespace ChitChatz.Tests.Gateway.Attacks;

/// <summary>THREATS P1-P6: frames whose JSON is none, or whose fields are not what they should be.</summary>
[Collection(AttackCollection.Name)]
public sealed class FrameContentTests(AttackedServer server)
{
    private const string BadJson = "bad_json";
    private const string BadRequest = "bad_request";

    /// <summary>What a member sends, its token written as <c>$</c>; and the error.</summary>
    public static TheoryData<string, string> Refused => new()
    {
        { "", BadJson },
        { "null", BadJson },
        { "[]", BadJson },
        { "\"x\"", BadJson },
        { "5", BadJson },
        { "1e999", BadJson },
        { "{", BadJson },
        { """{"event":"get_room","jwt":"$"}}""", BadJson },
        { """{"event":"get_room","jwt":"$"/**/}""", BadJson },
        { "\uFEFF{\"event\":\"get_room\",\"jwt\":\"$\"}", BadJson },
        { """{"event":"get_room","jwt":"$","x":NaN}""", BadJson },
        { """{"event":"message","data":"\ud800","jwt":"$"}""", BadJson },
        { """{"event":"message","data":"a\udc00b","jwt":"$"}""", BadJson },
        { """{"event":"join_room","room":"\ud800","jwt":"$"}""", BadJson },
        { """{"event":"get_room","event":"leave_room","jwt":"$"}""", BadJson },
        { """{"event":"get_room","Event":"leave_room","jwt":"$"}""", BadJson },
        { """{"event":"get_room","jwt":"$","jwt":"x"}""", BadJson },
        { """{"event":"get_room","jwt":"$","j\u0077t":"x"}""", BadJson },
        { """{"event":"message","data":{"text":"a","text":"b"},"jwt":"$"}""", BadJson },
        { """{"event":"message","data":"a","text":"b","jwt":"$"}""", BadRequest },
        { """{"event":"message","data":5,"jwt":"$"}""", BadRequest },
        { """{"event":"message","data":["a"],"jwt":"$"}""", BadRequest },
        { """{"event":"message","text":{},"jwt":"$"}""", BadRequest },
        { """{"event":"message","jwt":"$"}""", BadRequest },
        { """{"event":"message","data":"","jwt":"$"}""", BadRequest },
        { """{"event":"message","data":"x","room":5,"jwt":"$"}""", BadRequest },
        { """{"event":"join_room","room":5,"jwt":"$"}""", BadRequest },
        { """{"event":"join_room","room":true,"jwt":"$"}""", BadRequest },
        { """{"event":"join_room","jwt":"$"}""", BadRequest },
        { """{"event":"register","name":["x"]}""", BadRequest },
        { """{"event":"register"}""", BadRequest },
        { """{"event":"get_room","jwt":5}""", BadRequest },
        { """{"event":"get_room","jwt":["$"]}""", BadRequest },
        { """{"jwt":"$"}""", BadRequest },
        { """{"event":5,"jwt":"$"}""", BadRequest },
        { """{"event":"nonsense","jwt":"$"}""", BadRequest },
        { """{"event":"__proto__","jwt":"$"}""", BadRequest },
        { """{"event":"rooms","data":["forged"],"jwt":"$"}""", BadRequest },
        { """{"event":"room","data":"forged","jwt":"$"}""", BadRequest },
        { """{"event":"ack","data":{},"jwt":"$"}""", BadRequest },
        { """{"event":"gap","data":{},"jwt":"$"}""", BadRequest },
        { """{"event":"joined","data":{},"jwt":"$"}""", BadRequest },
        { """{"event":"left","data":{},"jwt":"$"}""", BadRequest },
        { """{"event":"history","data":{},"jwt":"$"}""", BadRequest },
        { """{"event":"drain","data":{},"jwt":"$"}""", BadRequest },
    };

    /// <summary>Fields that nobody reads beside a message: <c>$</c> is the token.</summary>
    public static TheoryData<string> Ignored =>
    [
        """{"event":"message","data":"hi","jwt":"$","__proto__":{"admin":true},"constructor":"x","$type":"System.Object, mscorlib"}""",
        """{"event":"message","data":{"text":"hi","$type":"System.IO.FileInfo","__proto__":null},"jwt":"$"}""",
        """{"event":"message","data":"hi","jwt":"$","from":"ann","user":"ann","sub":"root","seq":1,"epoch":9,"at":"2000-01-01","ts":0}""",
        """{"event":"message","data":{"content":"hi","from":"ann","user":"x","seq":-1,"id":"§1.1"},"jwt":"$"}""",
        """{"event":"message","data":"hi","jwt":"$","name":"ann","username":"ann"}""",
        """{"event":"message","data":"hi","jwt":"$","x":1e999,"y":123456789012345678901234567890,"z":[[[[[[1]]]]]]}""",
    ];

    [Theory, MemberData(nameof(Refused))]
    public async Task P1P3P5_Frame_WhenItIsNotAsItShouldBe_IsRefusedAndTheConnectionStays(string frame, string code)
    {
        await using RawWebSocket eve = await server.MemberAsync();
        await eve.SendAsync(RawWebSocket.Text(frame.Replace("$", eve.Jwt, StringComparison.Ordinal)));
        JsonObject error = await eve.ReadEventAsync("error");
        Assert.Equal(code, (string?)error["code"]);
        Assert.DoesNotContain(eve.Jwt!, error.ToJsonString(), StringComparison.Ordinal);
        await AssertStaysAsync(eve);
    }

    [Theory]
    [InlineData(9)]
    [InlineData(10_000)]
    public async Task P2_Frame_WhenItIsTooDeep_IsRefusedAndTheConnectionStays(int depth)
    {
        await using RawWebSocket eve = await server.MemberAsync();
        await eve.SendAsync(RawWebSocket.Text($$"""{"event":"get_room","jwt":"{{eve.Jwt}}","x":{{new string('[', depth - 1)}}{{new string(']', depth - 1)}}}"""));
        Assert.Equal(BadJson, (string?)(await eve.ReadEventAsync("error"))["code"]);
        await AssertStaysAsync(eve);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    public async Task P6_Frame_WithThousandsOfMembers_IsReadInNoTime(string prefix)
    {
        await using RawWebSocket eve = await server.MemberAsync();
        string members = string.Join(',', Enumerable.Range(0, 6_000).Select(i => $"\"{prefix}{i:x}\":1"));
        byte[] frame = Encoding.UTF8.GetBytes($$"""{"event":"get_room","jwt":"{{eve.Jwt}}",{{members}}}""");
        Assert.True(frame.Length <= 65_536, $"The frame has {frame.Length} bytes");
        await eve.SendAsync([.. Enumerable.Repeat(RawWebSocket.Frame(0x81, frame), 20)]);
        await server.TalkAsync();
        for (int rooms = 0, messages = 0; rooms < 20 || messages < 1;)
        {
            string? answer = (string?)(await eve.ReadJsonAsync())["event"];
            rooms += answer == "room" ? 1 : 0;
            messages += answer == "message" ? 1 : 0;
            Assert.True(answer is "room" or "rooms" or "message", $"An answer '{answer}'");
        }

        await AssertStaysAsync(eve);
    }

    [Theory, MemberData(nameof(Ignored))]
    public async Task P4P8_Message_WithForeignFields_IsTheSendersAndNothingMore(string frame)
    {
        await using RawWebSocket eve = await server.MemberAsync();
        await eve.SendAsync(RawWebSocket.Text(frame.Replace("\"$\"", $"\"{eve.Jwt}\"", StringComparison.Ordinal)));
        string name = (string)ChatClient.Decode(eve.Jwt!)["name"]!;
        Assert.Equal($$"""{"from":"{{name}}","content":"hi"}""", (await server.Ann.ExpectAsync("message"))["data"]!.ToJsonString());
        Assert.Equal((name, "hi"), await server.Bob.ExpectMessageAsync());
        await eve.ReadEventAsync("message");
        await AssertStaysAsync(eve);
    }

    private async Task AssertStaysAsync(RawWebSocket eve)
    {
        await eve.SendAsync(AttackedServer.Frame("get_room", eve.Jwt));
        Assert.Equal(AttackedServer.Room, (string?)(await eve.ReadEventAsync("room"))["data"]);
        eve.Reset();
        await server.AssertUnharmedAsync();
    }
}
