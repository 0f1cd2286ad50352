using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ChitChatz.Tests.Support;

/// <summary>A clock that stands still until it is advanced, and tells when somebody begins to wait for it.</summary>
internal sealed class WatchedTime : FakeTimeProvider
{
    private readonly Channel<TimeSpan> _timers = Channel.CreateUnbounded<TimeSpan>();
    private Task<TimeSpan>? _next;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _timers.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>Lets each wait end as soon as somebody begins it, until a task has ended: all that is waited for happens, in its order.</summary>
    public async Task AdvanceUntilAsync(Task reached, string missing)
    {
        for (int waits = 0; waits < 10_000; waits++)
        {
            // One that was not used up by an earlier wait is the next one now.
            _next ??= _timers.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask();
            await Deadline.Within(Task.WhenAny(reached, _next), missing);
            if (reached.IsCompleted)
            {
                await reached;
                return;
            }

            TimeSpan due = await _next;
            _next = null;
            Advance(due);
        }

        Assert.Fail($"However much time passed, missing: {missing}");
    }

    /// <summary>Waits until a timer was made, and checks how far it reaches.</summary>
    public async Task AssertNextTimerAsync(TimeSpan expected)
    {
        try
        {
            Assert.Equal(expected, await _timers.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(20)));
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"Nobody began to wait for {expected}.");
        }
    }
}
