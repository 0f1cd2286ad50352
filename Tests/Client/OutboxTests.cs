using ChitChatz.Client;
using ChitChatz.Client.Connections;
using ChitChatz.Client.Sending;
using Microsoft.Extensions.Time.Testing;

namespace ChitChatz.Tests.Client;

/// <summary>The parts of the client that know no connection.</summary>
public sealed class OutboxTests
{
    [Fact]
    public void TakeDue_GivesEachOnceUntilTheConnectionIsGone()
    {
        Outbox outbox = new(new FakeTimeProvider());
        foreach (var id in new[] { "a", "b", "c" })
            Assert.True(outbox.TryAdd(new PendingSend(id, [])));
        Assert.False(outbox.TryAdd(new PendingSend("b", [])));

        Assert.Equal(["a", "b", "c"], outbox.TakeDue().Due.Select(static send => send.Id));
        Assert.Empty(outbox.TakeDue().Due);
        outbox.Rewind();
        outbox.TryAdd(new PendingSend("d", []));
        var (due, repeats) = outbox.TakeDue();
        Assert.Equal(["a", "b", "c", "d"], due.Select(static send => send.Id));
        Assert.Equal(3, repeats);
    }

    [Fact]
    public void TakeUnrepeatable_TakesWhatWasTriedLongAgo()
    {
        FakeTimeProvider time = new();
        Outbox outbox = new(time);
        outbox.TryAdd(new PendingSend("old", []));
        outbox.TakeDue();
        time.Advance(TimeSpan.FromHours(22));
        outbox.TryAdd(new PendingSend("young", []));
        outbox.TakeDue();
        outbox.TryAdd(new PendingSend("untried", []));
        time.Advance(TimeSpan.FromHours(2));

        Assert.Equal(["old"], outbox.TakeUnrepeatable(all: false).Select(static send => send.Id));
        Assert.Equal(["young"], outbox.TakeUnrepeatable(all: true).Select(static send => send.Id));
        Assert.False(outbox.Empty.IsCompleted);
        Assert.Equal(["untried"], outbox.TakeAll().Select(static send => send.Id));
        Assert.True(outbox.Empty.IsCompleted);
    }

    /// <summary>A laptop that slept: its clock for durations stood still, and the server has forgotten the id.</summary>
    [Fact]
    public void TakeUnrepeatable_WhenTheMachineSlept_TakesWhatWasTriedBefore()
    {
        SleepingTime time = new();
        Outbox outbox = new(time);
        outbox.TryAdd(new PendingSend("old", []));
        outbox.TakeDue();
        time.Advance(TimeSpan.FromHours(24));

        Assert.Equal(["old"], outbox.TakeUnrepeatable(all: false).Select(static send => send.Id));
    }

    /// <summary>A server that refuses for now is there, and may take it any moment.</summary>
    [Fact]
    public void Backoff_OfRefusals_GrowsTo5Seconds()
    {
        var backoff = Backoff.OfRefusals(new ChatClientOptions { Name = "ann" });
        for (var i = 0; i < 20; i++)
            backoff.Next();

        Assert.InRange(backoff.Next().TotalSeconds, 2.5, 5);
    }

    [Fact]
    public void Backoff_GrowsToItsLimitAndNeverBelowWhatIsAsked()
    {
        Backoff backoff = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1), new Random(7));
        foreach (var bound in new[] { 100, 200, 400, 800, 1_000, 1_000 })
            Assert.InRange(backoff.Next().TotalMilliseconds, bound / 2, bound);
        Assert.InRange(backoff.Next(TimeSpan.FromMinutes(1)).TotalSeconds, 60, 75);
        backoff.Reset();
        Assert.InRange(backoff.Next().TotalMilliseconds, 50, 100);
    }

    [Theory]
    [InlineData("1795536635264:15", 1_795_536_635_264, 15)]
    [InlineData("-3:0", -3, 0)]
    public void Position_IsReadAsItIsWritten(string text, long epoch, long seq)
    {
        Assert.True(ChatPosition.TryParse(text, out var position));
        Assert.Equal((new ChatPosition(epoch, seq), text), (position, position.ToString()));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("15")]
    [InlineData("1:-1")]
    [InlineData("1:2:3")]
    [InlineData(" 1:2")]
    public void Position_ThatIsNone_IsRefused(string? text) => Assert.False(ChatPosition.TryParse(text, out _));

    private sealed class SleepingTime : FakeTimeProvider
    {
        public override long GetTimestamp() => 1;
    }
}
