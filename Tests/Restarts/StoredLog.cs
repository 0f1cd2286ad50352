using ChitChatz.Grains.Abstractions;
using ChitChatz.Protocol;
using ChitChatz.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChitChatz.Tests.Restarts;

/// <summary>What a process that is gone left in its database.</summary>
internal static class StoredLog
{
    /// <summary>The texts of a room in the order of the log, whose seqs must be 1, 2, 3 and so on.</summary>
    public static async Task<string[]> TextsAsync(string dataFolder, string room)
    {
        Assert.Null(NameRules.CheckRoom(room, out CanonicalName name));
        await using SqliteMessageLog log = new(Path.Combine(dataFolder, "chitchatz.db"), TimeProvider.System, NullLoggerFactory.Instance);
        await log.OpenAsync(TestContext.Current.CancellationToken);
        long epoch = (await log.ReadHeadsAsync([name.Key], TestContext.Current.CancellationToken))[0].Epoch;
        List<string> texts = [];
        while (true)
        {
            IReadOnlyList<ChatMessage> page = await log.ReadAfterAsync(name.Key, epoch, texts.Count, 1_000, 1 << 20, TestContext.Current.CancellationToken);
            if (page.Count == 0)
            {
                return [.. texts];
            }

            foreach (ChatMessage message in page)
            {
                Assert.Equal(texts.Count + 1, message.Seq);
                texts.Add(System.Text.Encoding.UTF8.GetString(message.Text));
            }
        }
    }
}
