using ChitChatz.Tests.Processes;
using ChitChatz.Tests.Support;
using Microsoft.Data.Sqlite;

namespace ChitChatz.Tests.Docs;

/// <summary>What docs/architecture.md promises and no other test shows from end to end.</summary>
public sealed class GuaranteeTests : IAsyncDisposable
{
    private const int Sent = 100;
    private readonly Deployment _service = new();

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task Message_WhenEchoedAndTheProcessIsKilled_IsInTheLog()
    {
        var process = _service.Start("Standalone");
        await process.ReadyAsync();
        await using ChatClient ann = await ChatClient.RegisterAsync(new UriBuilder(_service.Address) { Scheme = "ws" }.Uri, "ann");
        await ann.JoinAsync("lobby");

        for (var i = 0; i < Sent; i++)
            await ann.PostAsync($"{i}");
        List<string> echoed = [];
        while (echoed.Count < Sent)
            echoed.Add((await ann.ExpectMessageAsync()).Content);

        // Somebody else holds the database for writing, so that commits fail. An echo that did not wait for its commit comes now.
        using (var holder = Open())
        {
            using var hold = holder.BeginTransaction(deferred: false);
            for (var i = 0; i < Sent; i++)
                await ann.PostAsync($"held {i}");
            await process.LineAsync("The message log cannot write");
            await process.KillAsync();
        }

        await Deadline.Within(ann.Ended, "the end of the connection");
        while (ann.HasUnread)
            echoed.Add((await ann.ExpectMessageAsync()).Content);
        Assert.Equal(Logged(), echoed);
    }

    private List<string> Logged()
    {
        using var database = Open();
        using var command = database.CreateCommand();
        command.CommandText = "SELECT text FROM messages ORDER BY seq";
        using var reader = command.ExecuteReader();
        List<string> texts = [];
        while (reader.Read())
            texts.Add(reader.GetString(0));
        return texts;
    }

    private SqliteConnection Open()
    {
        var database = new SqliteConnection($"Data Source={Path.Combine(_service.DataFolder, "chitchatz.db")};Pooling=False");
        database.Open();
        return database;
    }
}
