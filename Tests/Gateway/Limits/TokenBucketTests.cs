using ChitChatz.Gateway.Limits;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ChitChatz.Tests.Gateway.Limits;

public sealed class TokenBucketTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void TryTake_WhenNew_GrantsTheBurstAndNoMore()
    {
        var bucket = new TokenBucket(new RateLimit(10, 5), _time);

        Assert.All(Enumerable.Range(0, 5), _ => Assert.True(bucket.TryTake()));
        Assert.False(bucket.TryTake());
    }

    [Fact]
    public void TryTake_WhenTimePasses_GrantsTheRateUpToTheBurst()
    {
        var bucket = new TokenBucket(new RateLimit(10, 5), _time);
        Assert.True(bucket.TryTake(5));

        _time.Advance(TimeSpan.FromMilliseconds(200));
        Assert.True(bucket.TryTake(2));
        Assert.False(bucket.TryTake());

        _time.Advance(TimeSpan.FromHours(1));
        Assert.True(bucket.IsFull);
        Assert.True(bucket.TryTake(5));
        Assert.False(bucket.TryTake());
    }

    [Fact]
    public void UntilNext_WhenEmpty_IsExactlyHowLongItTakes()
    {
        var bucket = new TokenBucket(new RateLimit(3, 3), _time);
        Assert.Equal(TimeSpan.Zero, bucket.UntilNext());
        Assert.True(bucket.TryTake(3));

        var wait = bucket.UntilNext();
        _time.Advance(wait - TimeSpan.FromMilliseconds(1));
        Assert.False(bucket.TryTake());
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(334, wait.TotalMilliseconds);
        Assert.True(bucket.TryTake());
    }

    [Fact]
    public void Take_WhenOverdrawn_SaysHowLongToWait()
    {
        var bucket = new TokenBucket(new RateLimit(100, 2), _time);

        Assert.Equal(TimeSpan.Zero, bucket.Take());
        Assert.Equal(TimeSpan.Zero, bucket.Take());
        Assert.Equal(TimeSpan.FromMilliseconds(10), bucket.Take());
        Assert.Equal(TimeSpan.FromMilliseconds(20), bucket.Take());
        _time.Advance(TimeSpan.FromMilliseconds(30));
        Assert.Equal(TimeSpan.Zero, bucket.Take());
    }

    [Fact]
    public void TryTake_WhenOff_GrantsEverything()
    {
        var bucket = new TokenBucket(RateLimit.Off, _time);

        Assert.True(bucket.TryTake(1_000_000));
        Assert.Equal(TimeSpan.Zero, bucket.Take(1_000_000));
        Assert.Equal(TimeSpan.Zero, bucket.UntilNext(1_000_000));
        Assert.True(bucket.IsFull);
    }

    [Fact]
    public void TryTake_WhenTheTimeOfDayJumps_GrantsNothingForIt()
    {
        var time = new JumpingTime();
        var bucket = new TokenBucket(new RateLimit(1, 1), time);
        Assert.True(bucket.TryTake());

        time.TimeOfDay += TimeSpan.FromHours(1);

        Assert.False(bucket.TryTake());
    }

    [Fact]
    public void TryTake_WhateverIsAsked_NeverGrantsMoreThanBurstAndRate() =>
        Gen.Select(Gen.Double[0.1, 1000], Gen.Int[1, 100], Gen.Select(Gen.Int[0, 500], Gen.Int[1, 10]).Array[1, 50]).Sample((rate, burst, steps) =>
        {
            var time = new FakeTimeProvider();
            var bucket = new TokenBucket(new RateLimit(rate, burst), time);
            double granted = 0, elapsed = 0;
            foreach (var (milliseconds, count) in steps)
            {
                time.Advance(TimeSpan.FromMilliseconds(milliseconds));
                elapsed += milliseconds / 1000.0;
                if (bucket.TryTake(count))
                    granted += count;
                Assert.True(granted <= burst + (rate * elapsed) + 1e-6);
            }
        });

    private sealed class JumpingTime : TimeProvider
    {
        public DateTimeOffset TimeOfDay { get; set; } = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => TimeOfDay;

        public override long GetTimestamp() => 1000;
    }
}
