using ChitChatz.Tests.Processes;
using ChitChatz.Tests.Support;

namespace ChitChatz.Tests.Conversations;

/// <summary>The recorded conversations, against each form of the service, each against a server in which nobody else is.</summary>
public sealed class ConversationTests(SharedPostgres postgres)
{
    [Fact]
    public async Task Replay_AgainstStandalone_IsAsRecorded()
    {
        await using StandaloneApp app = await StandaloneApp.StartAsync();
        await ReplayAllAsync(app.WebSocket);
    }

    [Fact]
    public async Task Replay_AgainstTheProcessStandalone_IsAsRecorded()
    {
        await using Deployment service = new();
        await service.Start("Standalone").ReadyAsync();
        await ReplayAllAsync(service.WebSocket);
    }

    [Fact]
    public async Task Replay_AgainstTheProcessesSiloAndGateway_IsAsRecorded()
    {
        await using Deployment service = new();
        await service.Start("Silo").ReadyAsync();
        await service.Start("Gateway").ReadyAsync();
        await ReplayAllAsync(service.WebSocket);
    }

    [Fact]
    public async Task Replay_OnPostgres_IsAsRecorded()
    {
        PrivatePostgres server = await postgres.Server;
        await using StandaloneApp app = await StandaloneApp.StartAsync(
            "--Storage:Provider=Postgres", $"--Storage:ConnectionString={server.ConnectionString(await server.NewDatabaseAsync())}");
        await ReplayAllAsync(app.WebSocket);
    }

    [Fact]
    public async Task Replay_BesideAClientOfVersion2_IsAsRecorded()
    {
        await using StandaloneApp app = await StandaloneApp.StartAsync();
        await using ChatClient2 other = await ChatClient2.RegisterAsync(app.WebSocket, "somebody of version 2");
        await ReplayAllAsync(app.WebSocket);
    }

    private static async Task ReplayAllAsync(Uri server)
    {
        await using ChatClient watcher = await ChatClient.RegisterAsync(server, "watcher");
        foreach (Conversation conversation in Conversation.All)
        {
            await conversation.ReplayAsync(server);

            // Its rooms are gone for everybody a moment after its people are: a list in which the next one's room stands already is not pushed.
            await watcher.SendAsync("get_rooms");
            await watcher.ExpectRoomsAsync(static rooms => rooms.Length == 0, $"the end of the rooms of '{conversation.Title}'");
        }
    }
}
