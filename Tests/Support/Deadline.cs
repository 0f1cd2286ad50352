namespace ChitChatz.Tests.Support;

/// <summary>Waits with an end: what did not come in time is named in the failure.</summary>
internal static class Deadline
{
    /// <summary>Generous, for a machine that does many things at once; nothing waits for it unless it fails.</summary>
    public static readonly TimeSpan Default = TimeSpan.FromSeconds(30);

    public static async Task<T> Within<T>(Task<T> task, string missing)
    {
        try
        {
            return await task.WaitAsync(Default, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"Missing after {Default.TotalSeconds} s: {missing}");
        }
    }

    public static async Task Within(Task task, string missing)
        => await Within(task.ContinueWith(static done => { done.GetAwaiter().GetResult(); return true; }, TaskScheduler.Default), missing);
}
