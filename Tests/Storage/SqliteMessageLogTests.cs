using ChitChatz.Storage;
using ChitChatz.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;
using static ChitChatz.Tests.Storage.LogData;

namespace ChitChatz.Tests.Storage;

public sealed class SqliteMessageLogTests : MessageLogSpec
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new();

    private string FilePath => _folder.File("data/chat.db");

    protected override IMessageLog Create() => Create(FilePath);

    protected override void CleanUp() => _folder.Dispose();

    private SqliteMessageLog Create(string path) => new(path, _time, NullLoggerFactory.Instance);

    private async Task<SqliteMessageLog> OpenAsync(string path)
    {
        var log = Create(path);
        await log.OpenAsync(Token);
        return log;
    }

    [Fact]
    public async Task Open_WhenClosedBefore_FindsEverythingAgain()
    {
        var message = Message(1);
        await CommitAsync(Batch("room", Epoch, message));
        await Log.DisposeAsync();
        Assert.False(File.Exists(FilePath + "-wal"), "A clean close leaves one file.");

        _time.Advance(TimeSpan.FromDays(1));
        await using var again = await OpenAsync(FilePath);

        Assert.Equal(new RoomHead(Epoch, 1, "ROOM"), Assert.Single(await again.ReadHeadsAsync(["room"], Token)));
        AssertSame(message, Assert.Single(await again.ReadAfterAsync("room", Epoch, 0, 10, 1_000, Token)));
        Assert.Equal([AppendResult.Committed], await again.CommitAsync([Batch("room", Epoch, 2)], Token));
    }

    [Fact]
    public async Task Open_WhenTheProcessDied_FindsWhatWasCommitted()
    {
        await CommitAsync(Batch("room", Epoch, 1, 7));
        var copy = _folder.File("crashed.db");
        File.Copy(FilePath, copy);
        File.Copy(FilePath + "-wal", copy + "-wal");

        await using var again = await OpenAsync(copy);

        Assert.Equal(Enumerable.Range(1, 7).Select(seq => (long)seq), Seqs(await again.ReadAfterAsync("room", Epoch, 0, 10, 1_000, Token)));
    }

    [Fact]
    public async Task Open_WhenAnotherHoldsTheFile_SaysSo()
    {
        await using var second = Create(FilePath);

        var error = await Assert.ThrowsAsync<LogUnavailableException>(() => second.OpenAsync(Token));

        Assert.Contains("in use by another process", error.Message, StringComparison.Ordinal);
        Assert.Contains("Data:Folder", error.Message, StringComparison.Ordinal);
        Assert.Contains(FilePath, error.Message, StringComparison.Ordinal);

        await Log.DisposeAsync();
        await second.OpenAsync(Token);
        Assert.Equal([AppendResult.Committed], await second.CommitAsync([Batch("room", Epoch, 1)], Token));
    }

    [Fact]
    public async Task Open_WhenTheSchemaIsNewer_RefusesAndChangesNothing()
    {
        await Log.DisposeAsync();
        using (var database = SqliteDatabase.Open(FilePath))
            database.Execute($"PRAGMA user_version = {SqliteSchema.Version + 1}");
        var before = await File.ReadAllBytesAsync(FilePath, Token);

        await using var log = Create(FilePath);
        var error = await Assert.ThrowsAsync<LogUnavailableException>(() => log.OpenAsync(Token));

        Assert.Contains($"its schema is {SqliteSchema.Version + 1}", error.Message, StringComparison.Ordinal);
        Assert.Contains(FilePath, error.Message, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(FilePath, Token));
    }

    [Fact]
    public async Task Open_WhenTheSchemaIsOlder_BringsItUpAndStillKnowsRepeats()
    {
        var message = Message(1);
        await CommitAsync(Batch("room", Epoch, message));
        await Log.DisposeAsync();
        using (var database = SqliteDatabase.Open(FilePath))
        {
            database.Execute("DROP INDEX messages_by_id");
            database.Execute("CREATE UNIQUE INDEX messages_by_id ON messages (room, sub, id)");
            database.Execute("PRAGMA user_version = 2");
        }

        await using var log = await OpenAsync(FilePath);

        var result = Assert.Single(await log.CommitAsync([Batch("room", Epoch, message with { Seq = 2 })], Token));
        Assert.Equal(AppendStatus.Duplicates, result.Status);
        AssertSame(message, Assert.Single(result.Duplicates));
        using var upgraded = SqliteDatabase.Open(FilePath);
        Assert.Equal(SqliteSchema.Version, upgraded.ReadInt64("PRAGMA user_version"));
        Assert.Equal("room,id,sub", upgraded.ReadText("SELECT group_concat(name) FROM pragma_index_info('messages_by_id')"));
    }

    [Fact]
    public async Task Open_WhenTheFileIsNoDatabase_RefusesAndChangesNothing()
    {
        var path = _folder.File("letter.db");
        await File.WriteAllTextAsync(path, string.Concat(Enumerable.Repeat("Dear Sir or Madam, ", 500)), Token);
        await using var log = Create(path);

        var error = await Assert.ThrowsAsync<LogUnavailableException>(() => log.OpenAsync(Token));

        Assert.Contains("is not a SQLite database", error.Message, StringComparison.Ordinal);
        Assert.StartsWith("Dear Sir", await File.ReadAllTextAsync(path, Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_WhenTheDatabaseIsAnotherPrograms_Refuses()
    {
        var path = _folder.File("other.db");
        await File.WriteAllBytesAsync(path, [], Token);
        using (var database = SqliteDatabase.Open(path))
            database.Execute("CREATE TABLE bookmarks (url TEXT)");
        await using var log = Create(path);

        var error = await Assert.ThrowsAsync<LogUnavailableException>(() => log.OpenAsync(Token));

        Assert.Contains("another program", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_WhenTheFolderCannotBeMade_SaysSo()
    {
        await File.WriteAllTextAsync(_folder.File("file"), "", Token);
        await using var log = Create(_folder.File("file/chat.db"));

        var error = await Assert.ThrowsAsync<LogUnavailableException>(() => log.OpenAsync(Token));

        Assert.Contains("Data:Folder", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_WhenItMakesFiles_KeepsThemPrivate()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        if (OperatingSystem.IsWindows())
            return;

        foreach (var file in Directory.GetFiles(_folder.File("data")))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task Commit_WhenReadByAShell_IsPlainText()
    {
        await CommitAsync(Batch("room", Epoch, Message(1, text: "grüße")));
        using var database = SqliteDatabase.Open(FilePath);

        Assert.Equal("text:grüße", database.ReadText("SELECT typeof(text) || ':' || text FROM messages"));
        Assert.Equal("wal", database.ReadText("PRAGMA journal_mode"));
    }

    [Fact]
    public async Task Commit_WhenARoomHasAnEpochOfItsOwn_FollowsIt()
    {
        await CommitAsync(Batch("room", Epoch, 1, 3));
        using (var database = SqliteDatabase.Open(FilePath))
            database.Execute("UPDATE rooms SET epoch = 77 WHERE key = 'room'");

        Assert.Equal(new RoomHead(77, 0, "ROOM"), await HeadAsync("room"));
        Assert.Same(AppendResult.Fenced, await CommitAsync(Batch("room", Epoch, 4)));
        Assert.Same(AppendResult.Committed, await CommitAsync(Batch("room", 77, Message(1, "anew"))));
        Assert.Equal(Epoch, (await HeadAsync("other")).Epoch);
    }
}
