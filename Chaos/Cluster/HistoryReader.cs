using System.Text.Json.Nodes;
using ChitChatz.Chaos.Checking;
using ChitChatz.Chaos.Clients;
using ChitChatz.Protocol;

namespace ChitChatz.Chaos.Cluster;

/// <summary>The final log through the API, by somebody who was not there before.</summary>
internal sealed class HistoryReader(Uri gateway, string name, CancellationToken cancellationToken)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    /// <summary>What rooms have, by room, in the order in which it was given.</summary>
    public async Task<List<HistoryEvent>> ReadAsync(IEnumerable<string> rooms)
    {
        // What this client sees is compared with the store's rows and is not a part of the run's history.
        await using var connection = await RecordingConnection.OpenAsync(gateway, new History(), cancellationToken);
        await AskAsync(connection, new JsonObject { ["event"] = EventNames.Register, ["v"] = 2, ["id"] = "register", ["name"] = name });
        List<HistoryEvent> log = [];
        foreach (var room in rooms)
        {
            var joined = await AskAsync(connection, new JsonObject { ["event"] = EventNames.JoinRoom, ["id"] = "join", ["room"] = room });
            var epoch = (long)joined["data"]!["epoch"]!;
            var more = true;
            for (long after = 0; more;)
            {
                var page = (await AskAsync(connection, new JsonObject
                {
                    ["event"] = EventNames.GetHistory,
                    ["id"] = "history",
                    ["after"] = new JsonObject { ["epoch"] = epoch, ["seq"] = after },
                    ["limit"] = 100,
                }))["data"]!;
                foreach (var message in page["messages"]!.AsArray())
                {
                    after = (long)message!["seq"]!;
                    log.Add(new HistoryEvent(EventKind.Stored, 0)
                    {
                        Room = room,
                        Epoch = epoch,
                        Seq = after,
                        User = (string)message["user"]!,
                        Id = (string?)message["id"] ?? "",
                        Hash = RecordingConnection.HashOf((string)message["content"]!),
                    });
                }

                more = (bool)page["more"]!;
            }
        }

        return log;
    }

    private async Task<JsonObject> AskAsync(RecordingConnection connection, JsonObject request)
    {
        while (true)
        {
            var answer = await connection.AskAsync(request.DeepClone().AsObject(), cancellationToken).WaitAsync(s_patience, cancellationToken)
                ?? throw new IOException($"{gateway} closed the connection of the client that reads the final log.");
            if ((string?)answer["event"] != EventNames.Error)
                return answer;
            if (!(bool)answer["retry"]!)
                throw new IOException($"{gateway} refuses {request.ToJsonString()}: {answer.ToJsonString()}");
            await Task.Delay((int?)answer["retry_after_ms"] ?? 100, cancellationToken);
        }
    }
}
