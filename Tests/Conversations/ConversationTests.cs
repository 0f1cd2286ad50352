using ChitChatz.Tests.Support;

namespace ChitChatz.Tests.Conversations;

/// <summary>The recorded conversations, each against a server in which nobody else is.</summary>
public sealed class ConversationTests
{
    [Fact]
    public async Task Replay_AgainstStandalone_IsAsRecorded()
    {
        await using StandaloneApp app = await StandaloneApp.StartAsync();
        foreach (Conversation conversation in Conversation.All)
        {
            await conversation.ReplayAsync(app.WebSocket);
        }
    }
}
