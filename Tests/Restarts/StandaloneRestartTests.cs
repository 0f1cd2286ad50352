using System.Diagnostics;
using ChitChatz.Tests.Processes;
using ChitChatz.Tests.Support;

namespace ChitChatz.Tests.Restarts;

/// <summary>Standalone on its database, stopped and killed while people write: whatever came back to its sender is in the log.</summary>
public sealed class StandaloneRestartTests : IAsyncDisposable
{
    private const string Room = "lobby";
    private static readonly string[] s_names = ["Ann", "Bob", "Cid", "Dan"];

    private readonly Deployment _service = new();

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task Sigterm_UnderLoad_DeliversAllThatItKeepsAndEndsInOrder()
    {
        ProcessHost process = _service.Start("Standalone");
        await process.ReadyAsync();
        SteadySender[] senders = await StartSendersAsync();

        long started = Stopwatch.GetTimestamp();
        int exit = await process.StopAsync();
        TimeSpan took = Stopwatch.GetElapsedTime(started);

        Assert.Equal(0, exit);
        Assert.True(took < TimeSpan.FromSeconds(15), $"The stop took {took}");
        foreach (SteadySender sender in senders)
        {
            Assert.Equal(1012, (await sender.Closed).Status);
        }

        await ExpectInLogAsync(senders, toTheEnd: true);
    }

    [Fact]
    public async Task Sigkill_UnderLoad_KeepsWhatWasEchoed()
    {
        ProcessHost process = _service.Start("Standalone");
        await process.ReadyAsync();
        SteadySender[] senders = await StartSendersAsync();

        await process.KillAsync();

        await ExpectInLogAsync(senders, toTheEnd: false);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Token_FromBeforeARestart_StillAuthenticates(bool inOrder)
    {
        ProcessHost process = _service.Start("Standalone");
        await process.ReadyAsync();
        await using ChatClient before = await ChatClient.RegisterAsync(_service.WebSocket, "Ann");
        await before.JoinAsync(Room);
        await before.PostAsync("before");
        await before.ExpectMessageAsync();
        if (inOrder)
        {
            Assert.Equal(0, await process.StopAsync());
        }
        else
        {
            await process.KillAsync();
        }

        ProcessHost next = _service.Start("Standalone");
        await next.ReadyAsync();
        await using ChatClient after = await ChatClient.WithTokenAsync(_service.WebSocket, before.Jwt!);

        // Nobody knows any more that it was in the room; the token that comes with the answer says so.
        Assert.Null(await after.GetRoomAsync());
        Assert.Null((string?)after.Claims()["room"]);
        Assert.Equal((string?)before.Claims()["sub"], (string?)after.Claims()["sub"]);
        await after.JoinAsync(Room);
        await after.PostAsync("after");
        Assert.Equal(("Ann", "after"), await after.ExpectMessageAsync());
        Assert.Equal(0, await next.StopAsync());
        Assert.Equal(["before", "after"], await StoredLog.TextsAsync(_service.DataFolder, Room));
    }

    private async Task<SteadySender[]> StartSendersAsync()
    {
        SteadySender[] senders = await Task.WhenAll(s_names.Select(name => SteadySender.StartAsync(_service.WebSocket, name, Room)));
        await Task.WhenAll(senders.Select(static sender => sender.EchoedAsync(100)));
        return senders;
    }

    /// <summary>
    /// Every echo is in the log, nothing is there twice, and what each member saw is a piece of the log without a hole, after an
    /// orderly stop to its end.
    /// </summary>
    private async Task ExpectInLogAsync(SteadySender[] senders, bool toTheEnd)
    {
        string[] log = await StoredLog.TextsAsync(_service.DataFolder, Room);
        Assert.Equal(log.Length, log.Distinct().Count());
        foreach (SteadySender sender in senders)
        {
            await using (sender)
            {
                (IReadOnlyList<string> echoed, IReadOnlyList<string> seen) = await sender.EndAsync();
                Assert.True(echoed.Count >= 100, $"Only {echoed.Count} echoes");
                Assert.Empty(echoed.Except(log));
                string[] rest = [.. log.SkipWhile(text => text != seen[0])];
                Assert.Equal(toTheEnd ? rest : rest.Take(seen.Count), seen);
            }
        }
    }
}
