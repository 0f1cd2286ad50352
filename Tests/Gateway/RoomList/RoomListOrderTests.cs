using System.Runtime.CompilerServices;
using ChitChatz.Gateway.Connections;
using ChitChatz.Gateway.RoomList;
using ChitChatz.Grains.Abstractions;
using ChitChatz.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace ChitChatz.Tests.Gateway.RoomList;

/// <summary>Which list a connection is sent last.</summary>
public sealed class RoomListOrderTests
{
    private static readonly RoomListSnapshot s_older = new(1_000, [new RoomListing("a", "a", 1, 1, 1)]);
    private static readonly RoomListSnapshot s_newer = new(1_001, [new RoomListing("b", "b", 1, 1, 1)]);

    [Fact]
    public async Task SendRooms_WhenAPushOvertookTheAnswer_SendsTheNewerListAgain()
    {
        await using StandaloneApp app = await StandaloneApp.StartAsync();
        await using ChatClient ann = await ChatClient.RegisterAsync(app.WebSocket, "ann");
        ChatConnection connection = app.Services.GetRequiredService<ConnectionRegistry>().All.Single();
        Assert.True(connection.PushRooms(s_newer));
        SendRooms(connection, s_older, jwt: null, id: null);
        Assert.False(connection.PushRooms(s_older));
        Assert.Equal(["b"], await ann.ExpectRoomsAsync(static _ => true, "the push"));
        Assert.Equal(["b"], await ann.ExpectRoomsAsync(static _ => true, "the answer"));
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "SendRooms")]
    private static extern void SendRooms(ChatConnection connection, RoomListSnapshot snapshot, string? jwt, string? id);
}
