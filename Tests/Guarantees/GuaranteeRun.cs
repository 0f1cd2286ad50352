using System.Globalization;
using System.Text;
using ChitChatz.Chaos.Checking;
using ChitChatz.Chaos.Clients;
using ChitChatz.Grains.Abstractions;
using ChitChatz.Protocol;
using ChitChatz.Storage;
using ChitChatz.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace ChitChatz.Tests.Guarantees;

/// <summary>One run of a guarantee's test: its history, its users, and at the end the log and the verdict.</summary>
internal sealed class GuaranteeRun(StandaloneApp app) : IAsyncDisposable
{
    private readonly List<RecordingUser> _users = [];

    /// <summary>The long forms: an hour instead of a minute. <c>CHITCHATZ_LONG=1</c>.</summary>
    public static bool IsLong => Environment.GetEnvironmentVariable("CHITCHATZ_LONG") == "1";

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public History History { get; } = new();

    public IReadOnlyList<RecordingUser> Users => _users;

    /// <summary>Adds users of a room, who connect where they are told to.</summary>
    public IReadOnlyList<RecordingUser> AddUsers(int count, string room, Func<Uri>? servers = null)
    {
        RecordingUser[] added = [.. Enumerable.Range(_users.Count, count).Select(i => new RecordingUser($"user {i}", room, servers ?? (() => app.WebSocket), History))];
        _users.AddRange(added);
        return added;
    }

    public Task ConnectAllAsync() => Task.WhenAll(_users.Select(static user => user.ConnectAsync(Token)));

    /// <summary>Waits until every connected user has everything that its room's log has.</summary>
    public async Task WhenConvergedAsync(IEnumerable<string> rooms, TimeSpan patience)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(patience);
        try
        {
            foreach (string room in rooms)
            {
                RoomHead head = await HeadAsync(room);
                while (_users.Any(user => user.Connection is { IsOpen: true } connection && connection.Position.Room == room && connection.Position.Seq < head.Head))
                {
                    await Task.Delay(20, limit.Token);
                }
            }
        }
        catch (OperationCanceledException) when (!Token.IsCancellationRequested)
        {
            // The checker says who lacks what.
        }
    }

    /// <summary>Adds the final log, and checks. Prints the figures, and keeps the history of a run that is not clean.</summary>
    public async Task<Verdict> CheckAsync(string test, IEnumerable<string> rooms)
    {
        foreach (string room in rooms)
        {
            foreach (HistoryEvent row in await ReadLogAsync(room))
            {
                History.Add(row);
            }
        }

        Verdict verdict = Checker.Check(History);
        string resumes = string.Create(
            CultureInfo.InvariantCulture,
            $"{test}: {_users.Sum(static user => user.Connections)} connections, {_users.Sum(static user => user.Resumes.Recovered)} resumes recovered, {_users.Sum(static user => user.Resumes.Not)} not, {_users.Sum(static user => user.Ambiguous)} repeats that were stored already; ");
        TestContext.Current.TestOutputHelper?.WriteLine(resumes + verdict);
        string folder = Path.Combine(AppContext.BaseDirectory, "guarantees");
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, $"{test}.txt"), resumes + verdict, Token);
        if (!verdict.IsClean)
        {
            History.Save(Path.Combine(folder, $"{test}.jsonl"));
        }

        return verdict;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (RecordingUser user in _users)
        {
            await user.DisposeAsync();
        }
    }

    private async Task<RoomHead> HeadAsync(string room) => (await Log.ReadHeadsAsync([KeyOf(room)], Token))[0];

    private IMessageLog Log => app.Services.GetRequiredService<IMessageLog>();

    private async Task<List<HistoryEvent>> ReadLogAsync(string room)
    {
        long epoch = (await HeadAsync(room)).Epoch;
        List<HistoryEvent> rows = [];
        while (true)
        {
            IReadOnlyList<ChatMessage> page = await Log.ReadAfterAsync(KeyOf(room), epoch, rows.Count == 0 ? 0 : rows[^1].Seq, 1_000, 1 << 20, Token);
            if (page.Count == 0)
            {
                return rows;
            }

            rows.AddRange(page.Select(message => new HistoryEvent(EventKind.Stored, History.Now)
            {
                Room = room,
                Epoch = epoch,
                Seq = message.Seq,
                User = message.Sub,
                Id = message.Id,
                Hash = RecordingConnection.HashOf(Encoding.UTF8.GetString(message.Text)),
            }));
        }
    }

    private static string KeyOf(string room)
    {
        Assert.Null(NameRules.CheckRoom(room, out CanonicalName name));
        return name.Key;
    }
}
