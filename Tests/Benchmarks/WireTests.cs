using System.Diagnostics;
using System.Text;
using ChitChatz.Benchmarks.Wires;

namespace ChitChatz.Tests.Benchmarks;

/// <summary>The load's side of each protocol, told what its server would say.</summary>
public sealed class WireTests
{
    private const string Text = "AAAA" + "AAAAAAAB" + "AAAAAAAAAAAAAAAC" + "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";

    [Fact]
    public void ChitChatz_WhenRegistered_JoinsWithTheTokenOfTheAnswerAndSpeaksWithTheNext()
    {
        Conversation chat = new(WireKind.ChitChatz);

        chat.Hears("""{"event":"register","data":{},"jwt":"first"}""");
        chat.Hears("""{"event":"register","data":{},"jwt":"second"}""");
        chat.Hears($$$"""{"event":"message","data":{"from":"n","content":"{{{Text}}}"}}""");
        chat.Wire.Send(3, 7, 9);

        Assert.Equal("""{"event":"register","name":"n"}""", chat.Sent[0]);
        Assert.Equal("""{"event":"join_room","room":"r","jwt":"first"}""", chat.Sent[1]);
        Assert.Matches("""^\{"event":"message","data":"AAADAAAAAAAHAAAAAAAAAAAAAAAJx{36}","jwt":"second"\}$""", chat.Sent[2]);
        Assert.Equal(["joined", "message 0 1 2"], chat.Heard);
    }

    [Fact]
    public void ChitChatz_WhenItAskedToLeave_TakesTheSameAnswerForThat()
    {
        Conversation chat = new(WireKind.ChitChatz);
        chat.Hears("""{"event":"register","data":{},"jwt":"first"}""");
        chat.Hears("""{"event":"register","data":{},"jwt":"second"}""");

        chat.Wire.Leave();
        chat.Hears("""{"event":"register","data":{},"jwt":"third"}""");

        Assert.Equal(["joined", "left"], chat.Heard);
    }

    [Fact]
    public void ChitChatz2_WhenItComesBack_AsksForWhatItMissed()
    {
        Conversation chat = new(WireKind.ChitChatz2);
        chat.Hears("""{"event":"register","data":{},"jwt":"first"}""");
        chat.Hears("""{"event":"register","data":{"room":"r","epoch":5,"head":12,"recovered":true},"jwt":"second"}""");

        chat.Open();
        chat.Hears("""{"event":"register","data":{"room":"r","epoch":6,"head":0,"recovered":false},"jwt":"third"}""");

        Assert.Equal("""{"event":"join_room","room":"r","v":2,"jwt":"second","after":{"epoch":5,"seq":12}}""", chat.Sent[2]);
        Assert.Equal("joined", chat.Heard[0]);
        Assert.StartsWith("refused not recovered", chat.Heard[1], StringComparison.Ordinal);
    }

    [Fact]
    public void ChitChatz2_WhenItReadsTheLog_AsksBelowAPlaceAndHandsThePageOn()
    {
        const string Page = """{"event":"history","data":{"room":"r","epoch":5,"messages":[],"more":false}}""";
        Conversation chat = new(WireKind.ChitChatz2);

        ((ChitChatz2Wire)chat.Wire).GetHistory(before: null);
        ((ChitChatz2Wire)chat.Wire).GetHistory(before: 51);
        chat.Hears(Page);

        Assert.Equal(["""{"event":"get_history"}""", """{"event":"get_history","before":51}"""], chat.Sent[1..]);
        Assert.Equal(["history " + Page], chat.Heard);
    }

    [Fact]
    public void SignalR_WhenOneFrameHasManyRecords_ReadsAllOfThem()
    {
        Conversation chat = new(WireKind.SignalR);
        var message = $$"""{"type":1,"target":"message","arguments":[{"from":"n","content":"{{Text}}"}]}""";

        chat.Hears("{}\u001e");
        chat.Hears($"{{\"type\":3,\"invocationId\":\"j\",\"result\":null}}\u001e{message}\u001e{{\"type\":6}}\u001e{message}\u001e");
        chat.Wire.Send(3, 7, 9);

        Assert.Equal("{\"protocol\":\"json\",\"version\":1}\u001e", chat.Sent[0]);
        Assert.Equal("{\"type\":1,\"invocationId\":\"j\",\"target\":\"Join\",\"arguments\":[\"n\",\"r\"]}\u001e", chat.Sent[1]);
        Assert.Matches("^\\{\"type\":1,\"target\":\"Send\",\"arguments\":\\[\"AAADAAAAAAAHAAAAAAAAAAAAAAAJx{36}\"\\]\\}\u001e$", chat.Sent[2]);
        Assert.Equal(["joined", "message 0 1 2", "message 0 1 2"], chat.Heard);
    }

    [Theory]
    [InlineData("{\"type\":3,\"invocationId\":\"j\",\"error\":\"no\"}\u001e")]
    [InlineData("{\"type\":7}\u001e")]
    [InlineData("{\"type\":6}")]
    public void SignalR_WhenSomethingIsWrong_SaysSo(string said)
    {
        Conversation chat = new(WireKind.SignalR);

        chat.Hears(said);

        Assert.StartsWith("refused", Assert.Single(chat.Heard), StringComparison.Ordinal);
    }

    [Fact]
    public void SignalR_WhenSomethingComesLater_PingsOnce()
    {
        Conversation chat = new(WireKind.SignalR);

        chat.Hears("{\"type\":6}\u001e", after: TimeSpan.FromSeconds(5));
        Assert.Single(chat.Sent);
        chat.Hears("{\"type\":6}\u001e", after: TimeSpan.FromSeconds(12));
        chat.Hears("{\"type\":6}\u001e", after: TimeSpan.FromSeconds(13));

        Assert.Equal("{\"type\":6}\u001e", Assert.Single(chat.Sent[1..]));
    }

    [Fact]
    public void SocketIo_WhenItsServerGreets_ConnectsJoinsAndSpeaks()
    {
        Conversation chat = new(WireKind.SocketIo);

        chat.Hears("""0{"sid":"a","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}""");
        chat.Hears("""40{"sid":"b"}""");
        chat.Hears("431[]");
        chat.Hears($$"""42["message",{"from":"n","content":"{{Text}}"}]""");
        chat.Hears("2");
        chat.Wire.Send(3, 7, 9);
        chat.Wire.Leave();
        chat.Hears("432[]");

        Assert.Equal(["40", """421["join","n","r"]""", "3"], chat.Sent[..3]);
        Assert.Matches("""^42\["message","AAADAAAAAAAHAAAAAAAAAAAAAAAJx{36}"\]$""", chat.Sent[3]);
        Assert.Equal("""422["leave"]""", chat.Sent[4]);
        Assert.Equal(["joined", "message 0 1 2", "left"], chat.Heard);
    }

    [Theory]
    [InlineData("""44{"message":"no"}""")]
    [InlineData("1")]
    public void SocketIo_WhenItIsRefused_SaysSo(string said)
    {
        Conversation chat = new(WireKind.SocketIo);

        chat.Hears(said);

        Assert.StartsWith("refused", Assert.Single(chat.Heard), StringComparison.Ordinal);
    }

    /// <summary>A wire with an open connection: what it sends, and what it tells its member.</summary>
    private sealed class Conversation : IMember, IOutput
    {
        private readonly long _opened;

        public Conversation(WireKind kind)
        {
            Wire = kind.New(this);
            Open();
            _opened = Stopwatch.GetTimestamp();
        }

        public Wire Wire { get; }

        public string Name => "n";

        public string Room => "r";

        public List<string> Sent { get; } = [];

        public List<string> Heard { get; } = [];

        public void Open() => Wire.Open(this);

        public void Hears(string said, TimeSpan after = default) => Wire.OnText(Encoding.UTF8.GetBytes(said), _opened + (long)(after.TotalSeconds * Stopwatch.Frequency));

        public void Queue(ReadOnlySpan<byte> frame)
        {
            var header = (frame[1] & 127) == 126 ? 8 : 6;
            var key = frame.Slice(header - 4, 4);
            var payload = frame[header..].ToArray();
            for (var i = 0; i < payload.Length; i++)
                payload[i] ^= key[i & 3];
            Sent.Add(Encoding.UTF8.GetString(payload));
        }

        public void OnJoined() => Heard.Add("joined");

        public void OnLeft() => Heard.Add("left");

        public void OnRefused(string what) => Heard.Add("refused " + what);

        public void OnHistory(ReadOnlySpan<byte> page, long now) => Heard.Add("history " + Encoding.UTF8.GetString(page));

        public void OnMessage(ReadOnlySpan<byte> text, long now) =>
            Heard.Add(MessageText.TryRead(text, out var sender, out var sequence, out var sentAt) ? $"message {sender} {sequence} {sentAt}" : "no text");
    }
}
