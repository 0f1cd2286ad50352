using System.Diagnostics;
using System.Text.Json.Nodes;
using ChitChatz.Chaos.Checking;
using ChitChatz.Chaos.Clients;
using ChitChatz.Protocol;

namespace ChitChatz.Chaos.Cluster;

/// <summary>Somebody who was not there before, and asks through the API what the others left: the log, and who is where.</summary>
internal sealed class Visitor : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    private readonly Uri _gateway;
    private readonly RecordingConnection _connection;
    private readonly CancellationToken _cancellationToken;

    private Visitor(Uri gateway, RecordingConnection connection, CancellationToken cancellationToken)
    {
        _gateway = gateway;
        _connection = connection;
        _cancellationToken = cancellationToken;
    }

    /// <summary>The name under which it comes.</summary>
    public const string Name = "visitor";

    public static async Task<Visitor> ComeAsync(Uri gateway, CancellationToken cancellationToken)
    {
        // What this client sees is compared with what else is known and is not a part of the run's history.
        var visitor = new Visitor(gateway, await RecordingConnection.OpenAsync(gateway, new History(), cancellationToken), cancellationToken);
        await visitor.AskAsync(new JsonObject { ["event"] = EventNames.Register, ["v"] = 2, ["id"] = "register", ["name"] = Name });
        return visitor;
    }

    /// <summary>Who is in a room, this visitor among them.</summary>
    public async Task<HashSet<string>> ReadMembersAsync(string room)
    {
        await JoinAsync(room);
        var answer = await AskAsync(new JsonObject { ["event"] = EventNames.GetMembers, ["id"] = "members" });
        return [.. answer["data"]!["members"]!.AsArray().Select(static member => (string)member!)];
    }

    /// <summary>What rooms have, by room, in the order in which it was given.</summary>
    public async Task<List<HistoryEvent>> ReadLogAsync(IEnumerable<string> rooms)
    {
        List<HistoryEvent> log = [];
        foreach (var room in rooms)
        {
            var epoch = (long)(await JoinAsync(room))["data"]!["epoch"]!;
            for (long after = 0, before = -1; after > before;)
            {
                before = after;
                var page = (await AskAsync(new JsonObject
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

                // With more to come, but nothing new in the page, it would go on for ever.
                if (!(bool)page["more"]!)
                    break;
            }
        }

        return log;
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private Task<JsonObject> JoinAsync(string room) => AskAsync(new JsonObject { ["event"] = EventNames.JoinRoom, ["id"] = "join", ["room"] = room });

    private async Task<JsonObject> AskAsync(JsonObject request)
    {
        for (var began = Stopwatch.GetTimestamp(); ;)
        {
            var answer = await _connection.AskAsync(request.DeepClone().AsObject(), _cancellationToken).WaitAsync(s_patience, _cancellationToken)
                ?? throw new IOException($"{_gateway} closed the visitor's connection.");
            if ((string?)answer["event"] != EventNames.Error)
                return answer;
            if (!(bool)answer["retry"]! || Stopwatch.GetElapsedTime(began) > s_patience)
                throw new IOException($"{_gateway} refuses {request.ToJsonString()}: {answer.ToJsonString()}");
            await Task.Delay((int?)answer["retry_after_ms"] ?? 100, _cancellationToken);
        }
    }
}
