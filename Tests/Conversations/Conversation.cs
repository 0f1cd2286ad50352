using System.Text.Json.Nodes;
using ChitChatz.Tests.Support;

namespace ChitChatz.Tests.Conversations;

/// <summary>A conversation recorded from the first server of the protocol, and its replay against ours.</summary>
internal sealed class Conversation(JsonObject recorded)
{
    /// <summary>Where we differ on purpose: the error is sent and the connection stays.</summary>
    private const string WrongShape = "wrong shape";

    public string Title => (string)recorded["title"]!;

    /// <summary>All that were recorded.</summary>
    public static IReadOnlyList<Conversation> All { get; } =
        [.. JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Conversations", "v1-conversations.json")))!["conversations"]!
            .AsArray().Select(static one => new Conversation(one!.AsObject()))];

    /// <summary>Plays it, frame by frame.</summary>
    public async Task ReplayAsync(Uri server, WireRecord? record = null)
    {
        Dictionary<string, ChatClient> clients = [];
        foreach (JsonNode? step in recorded["steps"]!.AsArray())
        {
            string who = (string)step!["client"]!;
            if (step["opens"] is not null)
            {
                clients[who] = await ChatClient.ConnectAsync(server, record: record);
            }
            else if (step["sends"] is JsonObject sent)
            {
                await SendAsync(clients[who], sent);
            }
            else if (step["receives"] is JsonObject received)
            {
                await ExpectAsync(clients[who], received);
            }
            else if (step["hangs_up"] is not null)
            {
                await clients[who].CutAsync();
            }
            else if (step["closed"] is not null && Title != WrongShape)
            {
                Assert.Equal(1000, (await Deadline.Within(clients[who].Closed, "the server's close")).Status);
            }
            else if (step["closed"] is not null)
            {
                Assert.Null(await clients[who].GetRoomAsync());
            }
            else
            {
                Assert.Fail($"A step that the replay does not know: {step.ToJsonString()}");
            }
        }

        foreach (ChatClient client in clients.Values)
        {
            if (client.Socket.State == System.Net.WebSockets.WebSocketState.Open)
            {
                await client.CloseAsync();
            }

            await client.DisposeAsync();
        }
    }

    private static Task SendAsync(ChatClient client, JsonObject recorded)
    {
        JsonObject frame = recorded.DeepClone().AsObject();
        if (frame.ContainsKey("jwt"))
        {
            frame["jwt"] = client.Jwt;
        }

        return client.SendRawAsync(frame.ToJsonString());
    }

    private async Task ExpectAsync(ChatClient client, JsonObject recorded)
    {
        string name = (string)recorded["event"]!;
        if (name == "rooms")
        {
            // Where a push stands, and how many are joined into one, is free.
            string[] wanted = [.. recorded["data"]!.AsArray().Select(static room => (string)room!)];
            await client.ExpectRoomsAsync(rooms => rooms.SequenceEqual(wanted), $"the rooms [{string.Join(", ", wanted)}] in '{Title}'");
            return;
        }

        JsonObject frame = await client.ExpectAsync(name);
        if (name == "error")
        {
            // The wording of errors is free.
            Assert.NotEmpty(frame["data"]!.AsArray());
            Assert.All(frame["data"]!.AsArray(), static line => Assert.False(string.IsNullOrEmpty((string?)line)));
            return;
        }

        Assert.True(JsonNode.DeepEquals(recorded["data"], frame["data"]), $"'{Title}': expected {recorded.ToJsonString()}, got {frame.ToJsonString()}");

        // Whether the echo of a message carries a token is free.
        if (recorded["jwt"] is { } token && (name != "message" || frame["jwt"] is not null))
        {
            JsonObject claims = ChatClient.Decode((string)frame["jwt"]!);
            Assert.Equal((string?)token["claims"]!["name"], (string?)claims["name"]);
            Assert.True(claims.ContainsKey("room"));
            Assert.Equal((string?)token["claims"]!["room"], (string?)claims["room"]);
            Assert.Equal((long)token["lifetime_s"]!, (long)claims["exp"]! - (long)claims["iat"]!);
        }
        else if (recorded["jwt"] is null)
        {
            Assert.False(frame.ContainsKey("jwt"), $"'{Title}': no token here: {frame.ToJsonString()}");
        }
    }
}
