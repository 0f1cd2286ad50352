using ChitChatz.Grains.Abstractions;
using ChitChatz.Grains.Rooms;

namespace ChitChatz.Tests.Grains;

public sealed class RetentionPolicyTests
{
    private const long Day = 86_400_000;
    private const long Now = 1_000 * Day;

    private static ChatMessage[] Page(params long[] daysOld)
        => [.. daysOld.Select(static (days, i) => new ChatMessage(i + 1, "s", "n", $"{i}", [1], Now - (days * Day)))];

    [Theory]
    [InlineData(10, 0, 20, 11)]
    [InlineData(0, 0, 20, 1)]
    [InlineData(100, 30, 4, 3)]
    [InlineData(1, 30, 4, 4)]
    [InlineData(0, 30, 4, 3)]
    public void HistoryFrom_OfAPage_IsTheStricterOfTheTwo(long messages, int days, long head, long expected)
        => Assert.Equal(expected, new RetentionPolicy { Messages = messages, Age = TimeSpan.FromDays(days) }.HistoryFrom(Page(40, 31, 30, 0), head, Now));

    [Fact]
    public void Deletable_WithinTheDeduplicationWindow_IsNothing()
        => Assert.Empty(new RetentionPolicy { Messages = 1, Age = TimeSpan.FromDays(1) }.Deletable(RetentionPolicy.DeduplicatedMessages, Now));

    [Fact]
    public void Deletable_BeyondIt_NeedsBothToBeOver()
    {
        (long, long)[] all = [.. new RetentionPolicy { Messages = 15_000, Age = TimeSpan.FromDays(30) }.Deletable(50_000, Now)];
        Assert.Equal([(35_001, Now - Day), (40_001, Now - (30 * Day))], all);
        Assert.Equal([(40_001, Now - Day)], new RetentionPolicy { Messages = 5, Age = TimeSpan.Zero }.Deletable(50_000, Now));
        Assert.Empty(new RetentionPolicy { Messages = 0, Age = TimeSpan.Zero }.Deletable(50_000, Now));
    }
}
