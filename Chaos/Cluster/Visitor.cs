using ChitChatz.Chaos.Checking;
using ChitChatz.Chaos.Clients;
using ChitChatz.Client;

namespace ChitChatz.Chaos.Cluster;

/// <summary>
/// Somebody who was not there before, and asks through the API what the others left: the log, and who is where. What it sees is compared with
/// what else is known and is no part of the run's history, so it is an ordinary client.
/// </summary>
internal sealed class Visitor : IAsyncDisposable
{
    private const int Page = 100;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    private readonly ChatClient _client;
    private readonly CancellationToken _cancellationToken;

    private Visitor(Uri gateway, CancellationToken cancellationToken)
    {
        _client = new ChatClient(new ChatClientOptions { Name = Name, Servers = { gateway }, RetryFirstConnect = true });
        _cancellationToken = cancellationToken;
    }

    /// <summary>The name under which it comes.</summary>
    public const string Name = "visitor";

    public static async Task<Visitor> ComeAsync(Uri gateway, CancellationToken cancellationToken)
    {
        Visitor visitor = new(gateway, cancellationToken);
        try
        {
            await visitor.WithinAsync($"{gateway} to take the visitor", visitor._client.ConnectAsync);
            return visitor;
        }
        catch
        {
            await visitor.DisposeAsync();
            throw;
        }
    }

    /// <summary>Who is in a room, this visitor among them.</summary>
    public async Task<HashSet<string>> ReadMembersAsync(string room)
    {
        await using var entered = await JoinAsync(room);
        ChatMembers? members = null;
        await WithinAsync($"the members of '{room}'", async token => members = await entered.GetMembersAsync(token));
        return [.. members!.Names];
    }

    /// <summary>What rooms have, by room, in the order in which it was given.</summary>
    public async Task<List<HistoryEvent>> ReadLogAsync(IEnumerable<string> rooms)
    {
        List<HistoryEvent> log = [];
        foreach (var room in rooms)
        {
            await using var entered = await JoinAsync(room);
            ChatHistory? page = null;
            var after = entered.Head with { Seq = 0 };
            do
            {
                await WithinAsync($"the log of '{room}' after {after}", async token => page = await entered.GetHistoryAsync(after: after, limit: Page, cancellationToken: token));
                foreach (var message in page!.Messages)
                {
                    after = message.Position;
                    log.Add(new HistoryEvent(EventKind.Stored, 0)
                    {
                        Room = room,
                        Epoch = after.Epoch,
                        Seq = after.Seq,
                        User = message.User,
                        Id = message.Id ?? "",
                        Hash = RecordingConnection.HashOf(message.Text),
                    });
                }
            }
            while (page.HasMore && page.Messages.Count > 0); // With more to come, but nothing in the page, it would go on for ever.
        }

        return log;
    }

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    private async Task<ChatRoom> JoinAsync(string room)
    {
        ChatRoom? entered = null;
        await WithinAsync($"'{room}' to let the visitor in", async token => entered = await _client.JoinAsync(room, cancellationToken: token));
        return entered!;
    }

    /// <summary>The client tries as long as it is let; after a while the run has to be told.</summary>
    private async Task WithinAsync(string awaited, Func<CancellationToken, Task> ask)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_cancellationToken);
        patience.CancelAfter(s_patience);
        try
        {
            await ask(patience.Token);
        }
        catch (Exception exception) when (exception is ChatException || (exception is OperationCanceledException && !_cancellationToken.IsCancellationRequested))
        {
            throw new IOException($"The visitor waited in vain for {awaited}: {exception.Message}", exception);
        }
    }
}
