using System.Text;

namespace ChitChatz.Tests.Protocol;

/// <summary>Makes frames that are nearly what a client would send: one to three changes to a valid one.</summary>
internal sealed class FrameMutator(int seed)
{
    private static readonly byte[][] Seeds = [.. new[]
    {
        """{"event":"register","name":"ann"}""",
        """{"event":"register","name":"Zoë","jwt":"aa.bb.cc"}""",
        """{"event":"register","data":{"username":"ann","jwt":null}}""",
        """{"event":"register","data":"ann"}""",
        """{"event":"get_room","jwt":"aa.bb.cc"}""",
        """{"event":"get_rooms","jwt":"aa.bb.cc","data":[1,{"a":[true,null]}]}""",
        """{"event":"join_room","room":"lobby","jwt":"aa.bb.cc"}""",
        """{"event":"join_room","data":{"room":"lobby","name":"lobby"},"jwt":"aa.bb.cc"}""",
        """{"event":"join_room","room_name":"lobby","data":{"roomId":"lobby"},"jwt":"aa.bb.cc"}""",
        """{"jwt":"aa.bb.cc","data":"lobby","event":"join_room"}""",
        """{"event":"message","data":"hi <b>&\"é😀","jwt":"aa.bb.cc"}""",
        """{"event":"message","data":"\u0041\ud83d\ude00\n\\","room":"lobby","jwt":"aa.bb.cc"}""",
        """{"event":"message","data":{"content":"hello","text":"hello","room":"lobby"},"jwt":"aa.bb.cc"}""",
        """{ "Event" : "message", "TEXT" : "hello", "from":"eve", "seq":7, "jwt":"aa.bb.cc" }""",
        """{"event":"message","data":"twelve units","jwt":"aa.bb.cc"}""",
        """{"event":"message","content":"ten 😀😀 !!","jwt":"aa.bb.cc"}""",
        """{"event":"leave_room","jwt":"aa.bb.cc"}""",
        """{"event":"leave_room","data":{"jwt":"aa.bb.cc","x":-1.5e3}}""",
        """{"event":"error","data":["bye"],"jwt":"aa.bb.cc"}""",
        """{"event":"register","v":2,"id":"1","name":"ann"}""",
        """{"event":"join_room","v":2,"id":"a b","room":"lobby","after":{"epoch":3,"seq":14}}""",
        """{"event":"join_room","data":{"v":2,"room":"lobby","after":{"epoch":0,"seq":0,"x":[1]},"id":"q"}}""",
        """{"event":"message","id":"m~1","data":{"content":"hello","id":"m~1"},"v":2}""",
        """{"event":"get_history","v":2,"limit":50,"before":{"seq":12},"room":"lobby"}""",
        """{"event":"get_history","v":2,"data":{"after":7,"before":{"epoch":3,"seq":20},"limit":100}}""",
        """{"event":"get_members","id":"2","v":2}""",
        """{"event":"typing","v":2,"data":{"room":"lobby"}}""",
        """{"event":"refresh","v":2,"id":"9"}""",
        """{"event":"error","data":{"a":{"b":{"c":[[["deep"]]]}}}}""",
    }.Select(Encoding.UTF8.GetBytes)];

    private static readonly byte[][] Tokens = [.. new[]
    {
        "null", "true", "{}", "[]", "5", "1e999", "-0", "-1", "NaN", "\"\"", "\"x\"", "\"lobby\"", "\"hello\"", "\"ann\"", ",", ":", "{", "}", "[", "]",
        "\"", "\\", "\\u0000", "\\ud800", "\\udc00", "\\ud83d\\ude00", "\\u212a", "/*x*/", "//", "\uFEFF", "\u2028", "é", "É", "\u017F", "\u212A", "ı", "\0", "\n",
        "event", "data", "jwt", "name", "username", "room", "room_name", "roomId", "ROOMID", "content", "v", "id", "after", "before", "limit", "epoch", "seq", "2", "2.0", "100", "101", "9007199254740992", "9007199254740993",
        "get_history", "get_members", "typing", "refresh", "{\"seq\":1}", "{\"epoch\":1,\"seq\":2}", "{\"seq\":1,\"SEQ\":1}",
        "\"" + new string('i', 64) + "\"", "\"" + new string('i', 65) + "\"", "text", "message", "Text", "\\u0074ext",
        "rooms", "ack", "register", "join_room", "leave_room", "get_rooms", "__proto__", "$type",
    }.Select(Encoding.UTF8.GetBytes)];

    private static readonly byte[][] Members = [.. new[]
    {
        "\"x\":1,", "\"é\":[],", "\"É\":{},", "\"id\":\"1\",", "\"v\":2,", "\"v\":1,", "\"v\":\"2\",", "\"id\":\"\u00e9\",", "\"id\":7,", "\"after\":{\"epoch\":1,\"seq\":2},", "\"after\":5,", "\"before\":9,", "\"before\":-9,", "\"limit\":0,", "\"jwt\":null,", "\"Room\":null,", "\"room\":\"lobby\",", "\"name\":\"ann\",", "\"text\":\"hello\",",
        "\"data\":null,", "\"data\":{},", "\"data\":{\"room\":\"lobby\"},", "\"event\":\"message\",", "\"\\u006aWT\":\"aa.bb.cc\",", "\"room\":5,", "\"message\":{},",
        "\"a\":{\"a\":1,\"a\":2},", "\"k\":\"\\udfff\",", "\"\\ud83d\\ude00\":0,", "\"x\":[[[[[[[0]]]]]]],", "\"x\":[[[[[[[[0]]]]]]]],",
    }.Select(Encoding.UTF8.GetBytes)];

    private readonly Random random = new(seed);

    public byte[] Next()
    {
        var frame = new List<byte>(Pick(Seeds));
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            Change(frame);
        }

        return [.. frame];
    }

    private void Change(List<byte> frame)
    {
        var at = random.Next(frame.Count + 1);
        switch (random.Next(17))
        {
            case 0: // a bit
                Replace(frame, at, value => (byte)(value ^ (1 << random.Next(8))));
                break;
            case 1: // any byte
                frame.Insert(at, (byte)random.Next(256));
                break;
            case 2: // a cut
                frame.RemoveRange(at, Math.Min(random.Next(1, 6), frame.Count - at));
                break;
            case 3: // a word of the language
                frame.InsertRange(at, Pick(Tokens));
                break;
            case 4: // half of another frame
                frame.RemoveRange(at, frame.Count - at);
                var other = Pick(Seeds);
                frame.AddRange(other.AsSpan(random.Next(other.Length)));
                break;
            case 5: // a part of itself
                frame.InsertRange(at, frame.GetRange(at, Math.Min(random.Next(1, 12), frame.Count - at)));
                break;
            case 6 or 7: // the other case
                Replace(frame, at, value => char.IsAsciiLetter((char)value) ? (byte)(value ^ 0x20) : value);
                break;
            case 8 or 9 or 10: // another letter or digit
                Replace(frame, at, value => char.IsAsciiLetterOrDigit((char)value) ? (byte)"abcdexyz0189"[random.Next(12)] : value);
                break;
            case 11 or 12: // a blank where blanks may stand
                After(frame, (byte)',', " \t\r\n"u8.Slice(random.Next(4), 1));
                break;
            default: // one member more, at the top or inside data
                After(frame, (byte)'{', Pick(Members));
                break;
        }
    }

    private void After(List<byte> frame, byte mark, ReadOnlySpan<byte> inserted)
    {
        var at = frame.IndexOf(mark, frame.Count == 0 || random.Next(3) > 0 ? 0 : random.Next(frame.Count));
        if (at >= 0)
        {
            frame.InsertRange(at + 1, inserted.ToArray());
        }
    }

    private static void Replace(List<byte> frame, int at, Func<byte, byte> change)
    {
        if (at < frame.Count)
        {
            frame[at] = change(frame[at]);
        }
    }

    private byte[] Pick(byte[][] from) => from[random.Next(from.Length)];
}
