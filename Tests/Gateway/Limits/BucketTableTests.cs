using ChitChatz.Gateway.Limits;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ChitChatz.Tests.Gateway.Limits;

public sealed class BucketTableTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void TryTake_WhenOneKeyIsEmpty_LeavesTheOthers()
    {
        var table = new BucketTable<string>(new RateLimit(1, 1), _time);

        Assert.True(table.TryTake("a", out _));
        Assert.False(table.TryTake("a", out var retryAfter));
        Assert.True(table.TryTake("b", out _));
        Assert.Equal(TimeSpan.FromSeconds(1), retryAfter);
    }

    [Fact]
    public void TryTake_WhenKeysRested_ForgetsThem()
    {
        var table = new BucketTable<int>(new RateLimit(1, 1), _time);
        for (var key = 0; key < 1024; key++)
            table.TryTake(key, out _);
        Assert.Equal(1024, table.Count);

        _time.Advance(TimeSpan.FromSeconds(2));
        table.TryTake(-1, out _);

        Assert.Equal(1, table.Count);
    }

    [Fact]
    public void TryTake_WhenStrangersFlood_StaysWithinItsCapacityAndServesThem()
    {
        var table = new BucketTable<int>(new RateLimit(0.001, 1), _time, capacity: 100);

        for (var key = 0; key < 10_000; key++)
        {
            Assert.True(table.TryTake(key, out _));
            Assert.InRange(table.Count, 1, 100);
        }
    }

    [Fact]
    public void TryTake_WhenOff_RemembersNobody()
    {
        var table = new BucketTable<int>(RateLimit.Off, _time);

        Assert.All(Enumerable.Range(0, 1000), _ => Assert.True(table.TryTake(1, out TimeSpan _)));
        Assert.Equal(0, table.Count);
    }
}
