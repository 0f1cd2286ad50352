using ChitChatz.Gateway;
using Microsoft.Extensions.Time.Testing;

namespace ChitChatz.Tests.Gateway;

public sealed class HedgedCallTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    private readonly FakeTimeProvider _time = new();
    private readonly HedgedCall<string> _call;

    public HedgedCallTests() => _call = new HedgedCall<string>(_time);

    [Fact]
    public async Task Attempt_WhenAnEarlierOneIsAnsweredFirst_TakesThat()
    {
        TaskCompletionSource<string> slow = new();
        await TimesOutAsync(slow.Task);
        Task<string> second = _call.AttemptAsync(new TaskCompletionSource<string>().Task, Patience, CancellationToken.None);

        slow.SetResult("late, and welcome");

        Assert.Equal("late, and welcome", await second);
    }

    [Fact]
    public async Task Attempt_WhenAnEarlierOneFails_FailsToo()
    {
        TaskCompletionSource<string> slow = new();
        await TimesOutAsync(slow.Task);
        Task<string> second = _call.AttemptAsync(new TaskCompletionSource<string>().Task, Patience, CancellationToken.None);

        slow.SetException(new InvalidOperationException("rejected"));

        await Assert.ThrowsAsync<InvalidOperationException>(() => second);
    }

    /// <summary>The connection that the first attempts went over breaks while the next is answered.</summary>
    [Fact]
    public async Task Attempt_WhenEarlierOnesHaveFailedMeanwhile_TakesItsOwnAnswer()
    {
        TaskCompletionSource<string> first = new();
        TaskCompletionSource<string> second = new();
        await TimesOutAsync(first.Task);
        await TimesOutAsync(second.Task);
        first.SetException(new InvalidOperationException("rejected"));
        second.SetException(new InvalidOperationException("rejected"));

        Assert.Equal("in hand", await _call.AttemptAsync(Task.FromResult("in hand"), Patience, CancellationToken.None));
        Assert.False(_call.LeavesAttempts);
    }

    [Fact]
    public async Task Forget_WhenSomethingElseIsAsked_DropsEarlierAnswers()
    {
        TaskCompletionSource<string> slow = new();
        await TimesOutAsync(slow.Task);
        _call.Forget();
        slow.SetResult("of another question");

        Assert.Equal("of this one", await _call.AttemptAsync(Task.FromResult("of this one"), Patience, CancellationToken.None));
    }

    [Fact]
    public async Task Attempt_WhenCancelled_EndsAtOnceAndItsAnswerStillCounts()
    {
        TaskCompletionSource<string> slow = new();
        using CancellationTokenSource again = new();
        Task<string> first = _call.AttemptAsync(slow.Task, Patience, again.Token);
        await again.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);

        Task<string> second = _call.AttemptAsync(new TaskCompletionSource<string>().Task, Patience, CancellationToken.None);
        slow.SetResult("late");

        Assert.Equal("late", await second);
    }

    private async Task TimesOutAsync(Task<string> attempt)
    {
        Task<string> first = _call.AttemptAsync(attempt, Patience, CancellationToken.None);
        _time.Advance(Patience);
        await Assert.ThrowsAsync<TimeoutException>(() => first);
    }
}
