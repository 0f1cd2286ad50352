using System.Diagnostics;
using System.Text;
using ChitChatz.Benchmarks.Measuring;
using ChitChatz.Benchmarks.Scenarios;
using ChitChatz.Benchmarks.Wires;

namespace ChitChatz.Tests.Benchmarks;

/// <summary>A member of the load finds what must not happen, whatever its server speaks. Its rooms are two, each of two senders and a listener.</summary>
public sealed class MemberTests : IDisposable
{
    private SilentRun? _run;
    private ScriptedWire? _server;

    public static TheoryData<string> Wires => [.. ScriptedWire.Names];

    private IReadOnlyList<string> Faults => _run!.Faults.First;

    private Member[] Senders => _run!.Senders;

    [Theory]
    [MemberData(nameof(Wires))]
    public void OnMessage_WhenEachSendersMessagesComeInOrder_IsContent(string wire)
    {
        var listener = Enter(wire);

        Hear(listener, (0, 0), (1, 0), (1, 1), (0, 1), (0, 2), (1, 2));

        Assert.Empty(Faults);
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public void OnMessage_WhenOneIsLost_SaysWhichOnce(string wire)
    {
        var listener = Enter(wire);

        Hear(listener, (0, 0), (1, 0), (0, 2), (0, 3), (1, 1));

        Assert.Equal($"{listener.Name}: from sender 0 came 2 when 1 was due: lost or early", Assert.Single(Faults));
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public void OnMessage_WhenTheFirstIsLost_SaysSo(string wire)
    {
        var listener = Enter(wire);

        Hear(listener, (1, 1));

        Assert.Equal($"{listener.Name}: from sender 1 came 1 when 0 was due: lost or early", Assert.Single(Faults));
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public void OnMessage_WhenOneIsDoubled_SaysWhichOnce(string wire)
    {
        var listener = Enter(wire);

        Hear(listener, (0, 0), (0, 1), (0, 1), (0, 2));

        Assert.Equal($"{listener.Name}: from sender 0 came 1 when 2 was due: doubled or late", Assert.Single(Faults));
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public void OnMessage_WhenTwoAreOutOfOrder_NamesBoth(string wire)
    {
        var listener = Enter(wire);

        Hear(listener, (0, 0), (0, 2), (0, 1), (0, 3));

        Assert.Equal(
            [
                $"{listener.Name}: from sender 0 came 2 when 1 was due: lost or early",
                $"{listener.Name}: from sender 0 came 1 when 3 was due: doubled or late",
            ],
            Faults);
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public void OnMessage_WhenItIsOfAnotherRoomOrNoneOfOurs_SaysSo(string wire)
    {
        var listener = Enter(wire);
        var elsewhere = _run!.Everybody[5];

        Hear(listener, (2, 0));
        Hear(elsewhere, (1, 0), (2, 0), (3, 0));
        Say(listener, _server!.Message);

        Assert.Collection(
            Faults,
            fault => Assert.StartsWith($"{listener.Name}: not a message of this room", fault, StringComparison.Ordinal),
            fault => Assert.StartsWith($"{elsewhere.Name}: not a message of this room", fault, StringComparison.Ordinal),
            fault => Assert.StartsWith($"{listener.Name}: not a message of this room", fault, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public void Missing_WhenMessagesHaveNotCome_CountsThoseOfItsRoom(string wire)
    {
        var listener = Enter(wire);
        Send(0, 3);
        Send(1, 1);
        Send(2, 7);
        Hear(listener, (0, 0));

        Assert.Equal(3, listener.Missing(Senders));
        Assert.Equal(7, _run!.Everybody[5].Missing(Senders));
        Hear(listener, (0, 1), (0, 2), (1, 0));
        Assert.Equal(0, listener.Missing(Senders));
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public void Missing_WhileAnAnswerHasNotCome_CountsIt(string wire)
    {
        var listener = Enter(wire);
        Assert.Equal(0, listener.Missing(Senders));

        Assert.True(listener.TryMove());
        Assert.Equal(1, listener.Missing(Senders));
        Assert.False(listener.TryMove());
        Say(listener, _server!.Left);
        Send(0, 2);
        Assert.Equal(0, listener.Missing(Senders));
        Assert.True(listener.TryMove());

        Assert.Equal(1, listener.Missing(Senders));
    }

    [Theory]
    [InlineData("chitchatz", true)]
    [InlineData("chitchatz2", true)]
    [InlineData("signalr", false)]
    [InlineData("socketio", false)]
    public void OnMessage_AfterTheRoomWasLeft_IsAFaultWhereTheServerPromisesQuiet(string wire, bool promised)
    {
        var listener = Enter(wire);
        listener.TryMove();
        // On its way until the answer is there.
        Hear(listener, (0, 0));
        Say(listener, _server!.Left);

        Hear(listener, (0, 1));

        Assert.Equal(promised ? [$"{listener.Name}: message 1 of sender 0 came after the room was left"] : [], Faults);
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public void OnMessage_AfterComingBack_MayBeginWithAnyThatWasSentUntilThen(string wire)
    {
        for (var first = 1u; first <= 4; first++)
        {
            var listener = ComeBack(wire);

            Hear(listener, (0, first), (0, first + 1));

            Assert.Empty(Faults);
        }
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public void OnMessage_AfterComingBack_MayNotMissWhatWasSentSince(string wire)
    {
        var listener = ComeBack(wire);
        Send(0, 2);
        Assert.Equal(2, listener.Missing(Senders));

        Hear(listener, (0, 5));

        Assert.Equal($"{listener.Name}: from sender 0 came 5 when 1 was due: lost or early", Assert.Single(Faults));
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public void OnMessage_AfterComingBack_IsInOrderFromTheFirst(string wire)
    {
        var listener = ComeBack(wire);

        // What may be missing until the first is no longer so after it.
        Hear(listener, (0, 1), (0, 3), (0, 3), (0, 0));

        Assert.Equal(
            [
                $"{listener.Name}: from sender 0 came 3 when 2 was due: lost or early",
                $"{listener.Name}: from sender 0 came 3 when 4 was due: doubled or late",
                $"{listener.Name}: from sender 0 came 0 when 4 was due: doubled or late",
            ],
            Faults);
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public void OnRefused_BeforeTheGoodbye_IsAFault(string wire)
    {
        var listener = Enter(wire);

        Say(listener, _server!.Refusal);
        listener.OnClosed("end of stream");
        Assert.Collection(
            Faults,
            fault => Assert.StartsWith($"{listener.Name}: the server said ", fault, StringComparison.Ordinal),
            fault => Assert.Equal($"{listener.Name}: connection lost, end of stream", fault));

        listener.Leave();
        Say(listener, _server.Refusal);
        listener.OnClosed("close 1000");
        Assert.Equal(2, Faults.Count);
    }

    public void Dispose() => _run?.Dispose();

    /// <summary>All are in their rooms; the listener of the first.</summary>
    private Member Enter(string wire)
    {
        _run?.Dispose();
        _server = ScriptedWire.Of(wire);
        _run = new SilentRun(new LoadOptions { Scenario = "", Shape = new(2, 3, 2), Wire = _server.Kind });
        foreach (var member in _run.Everybody)
        {
            member.Wire.Open(new NoOutput());
            foreach (var said in _server.Enter)
                Say(member, said);
        }

        return _run.Everybody[2];
    }

    /// <summary>The same, after it heard message 0, went out, and was let in again when 0 to 3 had been sent.</summary>
    private Member ComeBack(string wire)
    {
        var listener = Enter(wire);
        Send(0, 1);
        Hear(listener, (0, 0));
        listener.TryMove();
        Say(listener, _server!.Left);
        Send(0, 3);
        listener.TryMove();
        Say(listener, _server.Back);
        Assert.Equal(0, listener.Missing(Senders));
        return listener;
    }

    private void Send(int sender, int count)
    {
        for (var i = 0; i < count; i++)
            Senders[sender].Send(sentAt: 0);
    }

    private void Hear(Member member, params (int Sender, uint Sequence)[] messages)
    {
        foreach (var (sender, sequence) in messages)
            Say(member, _server!.MessageOf(sender, sequence));
    }

    private static void Say(Member member, string said) => member.Wire.OnText(Encoding.UTF8.GetBytes(said), Stopwatch.GetTimestamp());

    /// <summary>Members whom the test speaks for.</summary>
    private sealed class SilentRun(LoadOptions options) : LoadRun(options, number: 1)
    {
        public Member[] Everybody => Members;

        protected override CpuTimes Load() => default;
    }

    private sealed class NoOutput : IOutput
    {
        public void Queue(ReadOnlySpan<byte> frame)
        {
        }
    }
}
