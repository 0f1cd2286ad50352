using ChitChatz.Chaos.Processes;

namespace ChitChatz.Benchmarks.Suite;

/// <summary>What a user would pick instead, and the floor below all of it. See <c>Benchmarks/peers</c>.</summary>
internal static class PeerServers
{
    public static Task BareAsync(Servers servers) => DotnetAsync(servers, "Bare");

    public static Task SignalRAsync(Servers servers) => DotnetAsync(servers, "SignalR");

    public static async Task SignalROnRedisAsync(Servers servers) => await DotnetAsync(servers, "SignalR", "--redis", await RedisAsync(servers));

    /// <summary>Two processes behind one Redis, which is what a backplane is for.</summary>
    public static async Task TwoSignalROnRedisAsync(Servers servers)
    {
        var redis = await RedisAsync(servers);
        await DotnetAsync(servers, "SignalR", "--redis", redis);
        await DotnetAsync(servers, "SignalR", "--redis", redis);
    }

    public static Task SocketIoAsync(Servers servers) => NodeAsync(servers);

    public static async Task SocketIoOnRedisAsync(Servers servers) => await NodeAsync(servers, "--redis", await RedisAsync(servers));

    /// <summary>Why the Socket.IO peer cannot run here.</summary>
    public static string? NodeMissing(Bench bench) =>
        Bench.Find("node") is null ? "node is not installed"
        : !Directory.Exists(bench.PathOf("Benchmarks", "peers", "SocketIo", "node_modules")) ? "its packages are not installed (npm ci in Benchmarks/peers/SocketIo)"
        : null;

    /// <summary>Why there is no Redis here.</summary>
    public static string? RedisMissing() => Bench.Find("redis-server") is null ? "redis-server is not installed" : null;

    private static Task DotnetAsync(Servers servers, string name, params string[] args)
    {
        var port = FreePorts.Take(1)[0];
        var program = servers.Bench.Built(Path.Combine("Benchmarks", "peers", name), $"ChitChatz.Benchmarks.{name}");
        return servers.StartAsync(Servers.Ready, new Uri($"ws://127.0.0.1:{port}"), ["dotnet", program, "--urls", $"http://127.0.0.1:{port}", .. args]);
    }

    private static Task NodeAsync(Servers servers, params string[] args)
    {
        var port = FreePorts.Take(1)[0];
        var program = servers.Bench.PathOf("Benchmarks", "peers", "SocketIo", "server.js");
        return servers.StartAsync(Servers.Ready, new Uri($"ws://127.0.0.1:{port}"), ["node", program, "--port", $"{port}", .. args]);
    }

    private static async Task<string> RedisAsync(Servers servers)
    {
        var port = FreePorts.Take(1)[0];
        await servers.StartAsync(
            "Ready to accept connections", url: null, "redis-server", "--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", servers.Folder);
        return $"127.0.0.1:{port}";
    }
}
