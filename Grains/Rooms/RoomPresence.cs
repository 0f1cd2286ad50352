namespace ChitChatz.Grains.Rooms;

/// <summary>Who is in a room by name, and what changed since it was last told. Who comes and goes between two tellings is not mentioned.</summary>
/// <param name="version">The version to begin with: above all of earlier activations.</param>
internal sealed class RoomPresence(long version)
{
    private readonly Dictionary<string, int> _connections = new(StringComparer.Ordinal);

    // Whether the name was there when it was last told.
    private readonly Dictionary<string, bool> _changed = new(StringComparer.Ordinal);

    /// <summary>How many names there are.</summary>
    public int Count => _connections.Count;

    /// <summary>The version of what was last told.</summary>
    public long Version { get; private set; } = version;

    public bool HasChanges => _changed.Count > 0;

    public IEnumerable<string> Names => _connections.Keys;

    public void Enter(string name)
    {
        int connections = _connections.GetValueOrDefault(name) + 1;
        _connections[name] = connections;
        if (connections == 1)
            Note(name, isThere: true);
    }

    public void Leave(string name)
    {
        int connections = _connections.GetValueOrDefault(name) - 1;
        if (connections > 0)
        {
            _connections[name] = connections;
            return;
        }

        if (_connections.Remove(name))
            Note(name, isThere: false);
    }

    /// <summary>Takes what changed, as the next version.</summary>
    public (string[] Joined, string[] Left) Take()
    {
        string[] joined = [.. _changed.Where(static change => !change.Value).Select(static change => change.Key)];
        string[] left = [.. _changed.Where(static change => change.Value).Select(static change => change.Key)];
        _changed.Clear();
        Version++;
        return (joined, left);
    }

    private void Note(string name, bool isThere)
    {
        if (!_changed.TryAdd(name, !isThere))
            _changed.Remove(name);
    }
}
