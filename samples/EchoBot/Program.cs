using ChitChatz.Client;

var server = new Uri(args is [var address, ..] ? address : "ws://localhost:3000");
await using var client = new ChatClient(new ChatClientOptions { Name = "echo", Servers = { server }, RetryFirstConnect = true });
client.StateChanged += (_, change) => Console.Error.WriteLine($"{change.State} {change.Reason?.Message}");
await using var room = await client.JoinAsync("lobby");
await foreach (var message in room.ReadMessagesAsync())
{
    if (message.User != client.User && message.Text is { Length: < 7_500 } text && text.StartsWith("!echo ", StringComparison.Ordinal))
        await room.SendAsync($"{message.From} says: {text[6..]}");
}
