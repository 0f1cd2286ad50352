using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace ChitChatz.Tests.Support;

/// <summary>What went over some connections, both ways, in each connection's order.</summary>
internal sealed class WireRecord
{
    private readonly ConcurrentQueue<Entry> _entries = new();
    private readonly ConcurrentDictionary<ChatClient, bool> _version2 = new();

    public IReadOnlyCollection<Entry> Entries => _entries;

    public void Sent(ChatClient client, string text)
    {
        var frame = JsonNode.Parse(text)!.AsObject();
        if (frame["v"] is JsonValue v && v.TryGetValue(out int version) && version == 2)
            _version2[client] = true;
        _entries.Enqueue(new Entry(client, Version(client), FromServer: false, frame));
    }

    public void Received(ChatClient client, JsonObject frame) => _entries.Enqueue(new Entry(client, Version(client), FromServer: true, frame.DeepClone().AsObject()));

    private int Version(ChatClient client) => _version2.ContainsKey(client) ? 2 : 1;

    /// <param name="Client">The connection.</param>
    /// <param name="Version">The version of the protocol that it has asked for.</param>
    /// <param name="FromServer">The direction.</param>
    /// <param name="Frame">The frame.</param>
    internal sealed record Entry(ChatClient Client, int Version, bool FromServer, JsonObject Frame);
}
