using ChitChatz.Client;

var server = args is [var address, ..] ? address : "ws://localhost:3000";
await using var client = new ChatClient(server, "echo");
await using var room = await client.JoinAsync("lobby");
await foreach (var message in room.ReadMessagesAsync())
{
    if (message.User != client.User && message.Text.StartsWith("!echo ", StringComparison.Ordinal))
        await room.SendAsync($"{message.From} says: {message.Text[6..]}");
}
