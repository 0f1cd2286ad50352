using Microsoft.AspNetCore.SignalR;

namespace ChitChatz.Benchmarks.SignalR;

/// <summary>Rooms are groups; a message goes to all of its sender's room, the sender included.</summary>
internal sealed class ChatHub : Hub
{
    public async Task Join(string name, string room)
    {
        await Groups.AddToGroupAsync(Context.ConnectionId, room);
        (Context.Items["name"], Context.Items["room"]) = (name, room);
    }

    public async Task Leave()
    {
        await Groups.RemoveFromGroupAsync(Context.ConnectionId, Item("room"));
        Context.Items.Remove("room");
    }

    public Task Send(string text) => Clients.Group(Item("room")).SendAsync("message", new ChatMessage(Item("name"), text));

    private string Item(string key) => Context.Items[key] as string ?? throw new HubException("not in a room");
}

/// <summary>What a member gets.</summary>
/// <param name="From">The sender's name.</param>
/// <param name="Content">The text.</param>
internal sealed record ChatMessage(string From, string Content);
