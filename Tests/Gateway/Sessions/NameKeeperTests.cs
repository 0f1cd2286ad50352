using System.Runtime.CompilerServices;
using ChitChatz.Gateway;
using ChitChatz.Gateway.Connections;
using ChitChatz.Gateway.Identity;
using ChitChatz.Gateway.Sessions;
using ChitChatz.Grains.Abstractions;
using ChitChatz.Protocol;
using ChitChatz.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChitChatz.Tests.Gateway.Sessions;

/// <summary>What becomes of names whose claims and releases have no answers.</summary>
public sealed class NameKeeperTests : IDisposable
{
    private readonly FakeUserGrains _grain = new();
    private readonly WatchedTime _time = new();
    private readonly ConnectionRegistry _registry = new();
    private readonly ChatConnection _connection = (ChatConnection)RuntimeHelpers.GetUninitializedObject(typeof(ChatConnection));
    private readonly NameKeeper _keeper;

    public NameKeeperTests()
        => _keeper = new NameKeeper(_grain.Factory, new ThisGateway(GatewayId.New()), _registry, _time, NullLogger<NameKeeper>.Instance);

    public void Dispose() => _keeper.Dispose();

    [Fact]
    public async Task ClaimAsync_WhenNoAnswerComes_GivesTheNameBack()
    {
        _grain.OnClaim = static () => new TaskCompletionSource<ClaimStatus>().Task;

        // Again and again, for the claim may come after the first of them.
        Task released = _grain.WhenReleased(6);
        Task<ClaimOutcome> claim = _keeper.ClaimAsync(_connection, Named("ann"), proven: false);
        await _time.AdvanceUntilAsync(Task.WhenAll(claim, released), "the claim's end and the releases");
        Assert.Equal(ClaimOutcome.Unavailable, await claim);
    }

    [Fact]
    public async Task ClaimAsync_WhenNoAnswerComesForTheNameThatTheConnectionHas_KeepsIt()
    {
        Begin(Named("ann"));
        _grain.OnClaim = static () => new TaskCompletionSource<ClaimStatus>().Task;
        Task<ClaimOutcome> claim = _keeper.ClaimAsync(_connection, Named("ann"), proven: true);
        await _time.AdvanceUntilAsync(claim, "the claim's end");
        Assert.Equal(ClaimOutcome.Unavailable, await claim);
        Assert.Equal(0, _grain.Releases);
    }

    [Fact]
    public async Task ClaimAsync_WhenACallIsLost_AsksAgainInHalfASecond()
    {
        int asked = 0;
        _grain.OnClaim = () => ++asked == 1 ? new TaskCompletionSource<ClaimStatus>().Task : Task.FromResult(ClaimStatus.Granted);
        Task<ClaimOutcome> claim = _keeper.ClaimAsync(_connection, Named("ann"), proven: false);
        _time.Advance(TimeSpan.FromMilliseconds(500));
        Assert.Equal(ClaimOutcome.Granted, await Deadline.Within(claim, "the claim"));
    }

    /// <summary>A fresh grain holds a stranger's claim for some seconds: its answer counts, however often it was asked meanwhile.</summary>
    [Fact]
    public async Task ClaimAsync_WhenTheFirstAnswerComesLate_TakesIt()
    {
        TaskCompletionSource<ClaimStatus> first = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int asked = 0;
        _grain.OnClaim = () => ++asked == 1 ? first.Task : new TaskCompletionSource<ClaimStatus>().Task;
        Task<ClaimOutcome> claim = _keeper.ClaimAsync(_connection, Named("ann"), proven: false);
        _time.Advance(TimeSpan.FromMilliseconds(500));
        first.SetResult(ClaimStatus.Taken);
        Assert.Equal(ClaimOutcome.Taken, await Deadline.Within(claim, "the claim"));
    }

    /// <summary>Refusals come quickly, and are not what patience is for: a call that is lost behind them is still made again soon.</summary>
    [Fact]
    public async Task ClaimAsync_WhenACallIsLostBehindRefusals_AsksAgainInHalfASecond()
    {
        const int Refusals = 5;
        int asked = 0;
        TaskCompletionSource lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _grain.OnClaim = () =>
        {
            switch (++asked)
            {
                case <= Refusals:
                    return Task.FromException<ClaimStatus>(new InvalidOperationException("no silo"));
                case Refusals + 1:
                    lost.TrySetResult();
                    return new TaskCompletionSource<ClaimStatus>().Task;
                default:
                    return Task.FromResult(ClaimStatus.Granted);
            }
        };
        Task<ClaimOutcome> claim = _keeper.ClaimAsync(_connection, Named("ann"), proven: false);
        await _time.AdvanceUntilAsync(lost.Task, "the call that is lost");
        long since = _time.GetTimestamp();
        await _time.AdvanceUntilAsync(claim, "the claim");
        Assert.Equal(ClaimOutcome.Granted, await claim);
        Assert.True(_time.GetElapsedTime(since) <= TimeSpan.FromSeconds(1), $"{_time.GetElapsedTime(since)}");
    }

    /// <summary>Its holder gives the name back, and then an earlier attempt comes: it must not keep the name for somebody who was told that it is taken.</summary>
    [Fact]
    public async Task ClaimAsync_WhenTakenWhileAnAttemptIsOnItsWay_GivesTheNameBack()
    {
        int asked = 0;
        _grain.OnClaim = () => ++asked == 1 ? new TaskCompletionSource<ClaimStatus>().Task : Task.FromResult(ClaimStatus.Taken);
        Task released = _grain.WhenReleased(2);
        Task<ClaimOutcome> claim = _keeper.ClaimAsync(_connection, Named("ann"), proven: false);
        await _time.AdvanceUntilAsync(Task.WhenAll(claim, released), "the claim and the releases");
        Assert.Equal(ClaimOutcome.Taken, await claim);
    }

    /// <summary>A claim that nobody waits for any more may still come, behind the release.</summary>
    [Fact]
    public async Task ReleaseAsync_WhenAClaimIsStillOnItsWay_IsMadeAgain()
    {
        int asked = 0;
        _grain.OnClaim = () => ++asked == 1 ? new TaskCompletionSource<ClaimStatus>().Task : Task.FromResult(ClaimStatus.Granted);
        Session session = Named("ann");
        Task<ClaimOutcome> claim = _keeper.ClaimAsync(_connection, session, proven: false);
        _time.Advance(TimeSpan.FromMilliseconds(500));
        await Deadline.Within(claim, "the claim");

        Task released = _grain.WhenReleased(3);
        await Deadline.Within(_keeper.ReleaseAsync(_connection, session), "the first release");
        await _time.AdvanceUntilAsync(released, "the further releases");
    }

    [Fact]
    public async Task ReleaseAsync_WhenTheFirstTriesFail_IsRepeatedUntilOneSucceeds()
    {
        _grain.OnRelease = static count => count < 4 ? Task.FromException(new TimeoutException()) : Task.CompletedTask;
        Task released = _grain.WhenReleased(4);
        Task first = _keeper.ReleaseAsync(_connection, Named("ann"));
        await Deadline.Within(first, "the first try's end");
        await _time.AdvanceUntilAsync(released, "the fourth release");
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(4, _grain.Releases);
    }

    [Fact]
    public async Task ReleaseAsync_WhenTheConnectionClaimsTheNameAgain_IsNotRepeated()
    {
        _grain.OnRelease = static _ => Task.FromException(new TimeoutException());
        await Deadline.Within(_keeper.ReleaseAsync(_connection, Named("ann")), "the first try's end");
        Assert.Equal(ClaimOutcome.Granted, await _keeper.ClaimAsync(_connection, Named("ann"), proven: true));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, _grain.Releases);
    }

    [Fact]
    public async Task Assertion_WhenTheConnectionRegistersTheSameNameAgainMeanwhile_KeepsIt()
    {
        TaskCompletionSource<ClaimStatus> answer = await BeginAssertionAsync(Named("ann"));
        Session(_connection) = Named("ann");
        answer.SetResult(ClaimStatus.Granted);
        Assert.Equal(0, _grain.Releases);
    }

    [Fact]
    public async Task Assertion_WhenTheConnectionTookAnotherNameMeanwhile_GivesTheNameBack()
    {
        TaskCompletionSource<ClaimStatus> answer = await BeginAssertionAsync(Named("ann"));
        Task released = _grain.WhenReleased(1);
        Session(_connection) = Named("bob");
        answer.SetResult(ClaimStatus.Granted);
        await Deadline.Within(released, "the release");
    }

    /// <summary>Continues on the thread that answers, so that what follows the answer has happened when it was given.</summary>
    private async Task<TaskCompletionSource<ClaimStatus>> BeginAssertionAsync(Session session)
    {
        Begin(session);
        TaskCompletionSource<ClaimStatus> answer = new();
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _grain.OnClaim = () =>
        {
            asked.TrySetResult();
            return answer.Task;
        };
        Task assertion = _keeper.AssertAsync(_connection);
        await Deadline.Within(asked.Task, "the assertion");
        Assert.False(assertion.IsCompleted);
        return answer;
    }

    private void Begin(Session session)
    {
        Session(_connection) = session;
        _registry.Add(_connection);
    }

    private static Session Named(string name) => new(UserIdentity.Guest(new CanonicalName(name, name)), 1);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_session")]
    private static extern ref Session? Session(ChatConnection connection);
}
