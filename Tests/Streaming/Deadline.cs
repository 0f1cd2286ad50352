using Xunit;

namespace ChitChatz.Tests.Streaming;

/// <summary>Awaits what must happen; when it does not, the test fails with what was missing.</summary>
internal static class Deadline
{
    public static readonly TimeSpan Time = TimeSpan.FromSeconds(30);

    public static async Task Meet(this Task task, Func<string> missing)
    {
        try
        {
            await task.WaitAsync(Time, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"After {Time.TotalSeconds:0} s: {missing()}");
        }
    }

    public static async Task<T> Meet<T>(this Task<T> task, string missing)
    {
        await ((Task)task).Meet(() => missing);
        return await task;
    }
}
