using System.Diagnostics;
using ChitChatz.Storage;
using ChitChatz.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using SQLitePCL;
using Xunit;
using static ChitChatz.Tests.Storage.LogData;

namespace ChitChatz.Tests.Storage;

/// <summary>What the SQLite log does when its file or disk fails, and that it works again when they do.</summary>
public sealed class SqliteFaultTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<SqliteDatabase> _connections = [];
    private readonly SqliteMessageLog _log;
    private Action<SqliteDatabase> _fault = _ => { };
    private long _epoch;

    public SqliteFaultTests()
    {
        _log = Create(FilePath);
        _log.ConnectionOpened = database =>
        {
            lock (_connections)
                _connections.Add(database);
            _fault(database);
        };
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string FilePath => _folder.File("chat.db");

    public async ValueTask InitializeAsync()
    {
        await _log.OpenAsync(Token);
        _epoch = (await HeadAsync(_log)).Epoch;
        // The connection that only made the schema is closed already.
        lock (_connections)
            _connections.RemoveAt(0);
        Assert.Equal([AppendResult.Committed], await _log.CommitAsync([Batch("room", _epoch, 1)], Token));
    }

    public async ValueTask DisposeAsync()
    {
        await _log.DisposeAsync();
        _folder.Dispose();
    }

    private static SqliteMessageLog Create(string path) => new(path, TimeProvider.System, NullLoggerFactory.Instance);

    private static async Task<RoomHead> HeadAsync(SqliteMessageLog log) => Assert.Single(await log.ReadHeadsAsync(["room"], Token));

    private static Task<LogUnavailableException> FailsAsync(SqliteMessageLog log, AppendBatch batch) =>
        Assert.ThrowsAsync<LogUnavailableException>(() => log.CommitAsync([batch], Token));

    /// <summary>Lets all connections fail, those that are open and those that open later.</summary>
    private void Break(Action<SqliteDatabase> fault)
    {
        _fault = fault;
        lock (_connections)
            _connections.ForEach(fault);
    }

    private void Repair() => _fault = _ => { };

    private AppendBatch Next() => Batch("room", _epoch, Message(2, text: new string('x', 100_000)));

    [Fact]
    public async Task Commit_WhenTheDatabaseMayNotGrow_FailsForCertainAndRecovers()
    {
        Break(database => database.Execute("PRAGMA max_page_count = 1"));

        for (var attempt = 0; attempt < 3; attempt++)
        {
            var error = await FailsAsync(_log, Next());
            Assert.False(error.OutcomeUnclear);
            Assert.Equal($"No space is left for the database {FilePath}.", error.Message);
            Assert.Equal(1, (await HeadAsync(_log)).Head);
        }

        Repair();
        Assert.Equal([AppendResult.Committed], await _log.CommitAsync([Next()], Token));
    }

    [Fact]
    public async Task Commit_WhenTheFileIsReadOnly_FailsForCertainAndRecovers()
    {
        Break(database => database.Execute("PRAGMA query_only = 1"));

        var error = await FailsAsync(_log, Next());

        Assert.False(error.OutcomeUnclear);
        Assert.Contains("may not be written", error.Message, StringComparison.Ordinal);
        Assert.Contains(FilePath, error.Message, StringComparison.Ordinal);
        Repair();
        Assert.Equal([AppendResult.Committed], await _log.CommitAsync([Next()], Token));
    }

    [Fact]
    public async Task Commit_WhenTheCommitItselfFails_IsUnclearAndRecovers()
    {
        Break(database => raw.sqlite3_commit_hook(database.Handle, _ => 1, null));

        Assert.True((await FailsAsync(_log, Next())).OutcomeUnclear);

        Repair();
        Assert.Equal(1, (await HeadAsync(_log)).Head);
        Assert.Equal([AppendResult.Committed], await _log.CommitAsync([Next()], Token));
    }

    [Fact]
    public async Task Commit_WhenAnotherProgramHoldsTheDatabase_FailsForCertainAndRecovers()
    {
        using var other = SqliteDatabase.Open(FilePath);
        other.Execute("BEGIN IMMEDIATE");
        Break(database => database.Execute("PRAGMA busy_timeout = 1"));

        var error = await FailsAsync(_log, Next());

        Assert.False(error.OutcomeUnclear);
        Assert.Contains("Another program holds", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, (await HeadAsync(_log)).Head);
        other.Execute("COMMIT");
        Assert.Equal([AppendResult.Committed], await _log.CommitAsync([Next()], Token));
    }

    [Fact]
    public async Task Read_WhenAConnectionFails_FailsAndRecovers()
    {
        Break(database => raw.sqlite3_progress_handler(database.Handle, 1, _ => 1, null));

        await Assert.ThrowsAsync<LogUnavailableException>(() => HeadAsync(_log));

        Repair();
        Assert.Equal(1, (await HeadAsync(_log)).Head);
    }

    [Fact]
    public async Task Commit_WhenAnotherDatabaseTookTheFilesPlace_IsRefused()
    {
        Break(database => raw.sqlite3_commit_hook(database.Handle, _ => 1, null));
        await FailsAsync(_log, Next());
        Repair();
        var other = Create(_folder.File("other.db"));
        await other.OpenAsync(Token);
        await other.DisposeAsync();
        using (var database = SqliteDatabase.Open(_folder.File("other.db")))
            database.Execute("UPDATE meta SET value = value + 1");
        foreach (var file in new[] { FilePath, FilePath + "-wal", FilePath + "-shm" })
            File.Delete(file);
        File.Move(_folder.File("other.db"), FilePath);

        var error = await FailsAsync(_log, Next());

        Assert.False(error.OutcomeUnclear);
        Assert.Contains("Restart the server", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commit_WhenTheDiskIsReallyFull_FailsForCertainAndRecovers()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "Mounting a small disk needs Linux and root.");
        var disk = Directory.CreateDirectory(_folder.File("disk")).FullName;
        Assert.SkipUnless(await RunAsync("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk), "No right to mount here.");
        try
        {
            await using var log = Create(Path.Combine(disk, "chat.db"));
            await log.OpenAsync(Token);
            var epoch = (await HeadAsync(log)).Epoch;
            Assert.Equal([AppendResult.Committed], await log.CommitAsync([Batch("room", epoch, 1)], Token));
            var filler = Path.Combine(disk, "filler");
            Fill(filler);
            var batch = Batch("room", epoch, Message(2, text: new string('x', 200_000)));

            for (var attempt = 0; attempt < 3; attempt++)
            {
                var error = await FailsAsync(log, batch);
                Assert.False(error.OutcomeUnclear);
                Assert.Contains("No space is left", error.Message, StringComparison.Ordinal);
                Assert.Equal(1, (await HeadAsync(log)).Head);
            }

            File.Delete(filler);
            Assert.Equal([AppendResult.Committed], await log.CommitAsync([batch], Token));
            Assert.Equal([1, 2], (await log.ReadAfterAsync("room", epoch, 0, 10, int.MaxValue, Token)).Select(message => message.Seq));
        }
        finally
        {
            Assert.True(await RunAsync("umount", disk), "The disk stays mounted; somebody still has a file of it.");
        }
    }

    private static void Fill(string path)
    {
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
                file.Write(new byte[4_096]);
        }
        catch (IOException)
        {
            // Full: that is what it is for.
        }
    }

    private static async Task<bool> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync(Token);
        return process.ExitCode == 0;
    }
}
