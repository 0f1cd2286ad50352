using System.Text;
using ChitChatz.Benchmarks.Scenarios;

namespace ChitChatz.Tests.Benchmarks;

/// <summary>Pages of a room whose two senders, 4 and 5, have sent three messages each, as a server would write them.</summary>
public sealed class BackwardWalkTests
{
    private static readonly (int Sender, uint Sequence)[] s_log = [(4, 0), (5, 0), (5, 1), (4, 1), (4, 2), (5, 2)];

    private readonly BackwardWalk _walk = new(firstSender: 4, senders: 2, messages: 3);

    [Fact]
    public void Read_OfAllPages_AsksBelowTheFirstOfEachUntilNoneIsLeft()
    {
        Assert.Null(_walk.Before);

        Assert.Null(Read(7, more: true, s_log[3..]));
        Assert.Equal((7, false), (_walk.Before, _walk.IsOver));
        Assert.Null(Read(5, more: true, s_log[1..3]));
        Assert.Equal((5, false), (_walk.Before, _walk.IsOver));
        Assert.Null(Read(4, more: false, s_log[..1]));

        Assert.True(_walk.IsOver);
    }

    [Fact]
    public void Read_WhenAPageLacksOne_SaysWhich() =>
        Assert.Equal("from sender 5 came 0 when 1 was due", Read(4, more: false, [.. s_log.Where(static message => message != (5, 1))]));

    [Fact]
    public void Read_WhenAPageLacksTheNewest_SaysSo() =>
        Assert.Equal("from sender 5 came 1 when 2 was due", Read(4, more: false, s_log[..5]));

    [Fact]
    public void Read_WhenTwoPagesHaveTheSame_SaysWhich()
    {
        Read(7, more: true, s_log[3..]);

        Assert.Equal("from sender 4 came 1 when 0 was due", Read(4, more: false, s_log[..4]));
    }

    [Fact]
    public void Read_WhenAPageIsInTheWrongOrder_SaysSo() =>
        Assert.Equal("from sender 4 came 1 when 2 was due", Read(4, more: false, [.. s_log[..3], (4, 2), (4, 1), (5, 2)]));

    [Fact]
    public void Read_WhenSomethingIsBelowTheFirst_SaysSo() => Assert.Equal("from sender 4 came 0 below its first", Read(4, more: false, [(4, 0), .. s_log]));

    [Fact]
    public void Read_WhenTheLogEndsTooEarly_SaysByHowMuch() => Assert.Equal("the log ended 3 messages too early", Read(7, more: false, s_log[3..]));

    [Fact]
    public void Read_WhenAnEmptyPageHasMoreBelowIt_SaysSo() => Assert.Equal("nothing, with more below it", Read(7, more: true, []));

    [Theory]
    [InlineData(3)]
    [InlineData(6)]
    public void Read_OfAnotherRoomsMessage_SaysSo(int sender) => Assert.Equal("not a message of this room", Read(4, more: true, [(sender, 2)]));

    private string? Read(int firstSeq, bool more, params (int Sender, uint Sequence)[] messages)
    {
        var written = messages.Select((message, i) => $$"""{"from":"n","content":"{{ScriptedWire.TextOf(message.Sender, message.Sequence)}}","seq":{{firstSeq + i}},"id":"m"}""");
        return _walk.Read(Encoding.UTF8.GetBytes(
            $$$"""{"event":"history","data":{"room":"r","epoch":5,"messages":[{{{string.Join(',', written)}}}],"more":{{{(more ? "true" : "false")}}}}}"""));
    }
}
