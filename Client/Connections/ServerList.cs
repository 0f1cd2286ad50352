namespace ChitChatz.Client.Connections;

/// <summary>The gateways in turn, beginning with any.</summary>
internal sealed class ServerList
{
    private readonly Uri[] _servers;
    private int _current;

    public ServerList(IEnumerable<Uri> servers, Random random)
    {
        _servers = [.. servers.Select(AsWebSocket)];
        _current = random.Next(_servers.Length);
    }

    /// <summary>How many there are.</summary>
    public int Count => _servers.Length;

    /// <summary>The one to use.</summary>
    public Uri Current => _servers[_current];

    /// <summary>On to the next.</summary>
    public void Next() => _current = (_current + 1) % _servers.Length;

    private static Uri AsWebSocket(Uri server) => server.Scheme switch
    {
        "http" => new UriBuilder(server) { Scheme = "ws" }.Uri,
        "https" => new UriBuilder(server) { Scheme = "wss" }.Uri,
        _ => server,
    };
}
