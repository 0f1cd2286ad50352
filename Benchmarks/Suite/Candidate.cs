using ChitChatz.Benchmarks.Wires;
using ChitChatz.Chaos.Processes;

namespace ChitChatz.Benchmarks.Suite;

/// <summary>A server that is measured, in one of the forms in which it is run.</summary>
/// <param name="Id">Its name on the command line.</param>
/// <param name="Title">Its name in tables.</param>
/// <param name="Wire">What it speaks.</param>
/// <param name="StartAsync">Starts its processes.</param>
/// <param name="Missing">Why it cannot run here; null when it can.</param>
internal sealed record Candidate(string Id, string Title, WireKind Wire, Func<Servers, Task> StartAsync, Func<Bench, string?> Missing)
{
    public const string Standalone = "standalone";
    public const string TwoProcesses = "two-processes";
    public const string Bare = "bare";
    public const string SignalRRedis = "signalr-redis";

    public static IReadOnlyList<Candidate> All { get; } =
    [
        new(Standalone, "ChitChatz Standalone, SQLite", WireKind.ChitChatz, ChitChatzServers.StandaloneAsync, Nothing),
        new("standalone-postgres", "ChitChatz Standalone, PostgreSQL", WireKind.ChitChatz, ChitChatzServers.StandaloneOnPostgresAsync, Postgres),
        new("standalone-memory", "ChitChatz Standalone, log in memory", WireKind.ChitChatz, ChitChatzServers.StandaloneInMemoryAsync, Nothing),
        new(TwoProcesses, "ChitChatz Silo + Gateway, SQLite", WireKind.ChitChatz, ChitChatzServers.TwoProcessesAsync, Nothing),
        new("cluster", "ChitChatz 2 silos + 2 gateways, PostgreSQL", WireKind.ChitChatz, ChitChatzServers.ClusterAsync, Postgres),
        new(Bare, "bare Kestrel, no log", WireKind.ChitChatz, PeerServers.BareAsync, Nothing),
        new("signalr", "SignalR, no log", WireKind.SignalR, PeerServers.SignalRAsync, Nothing),
        new(SignalRRedis, "SignalR + Redis, no log", WireKind.SignalR, PeerServers.SignalROnRedisAsync, Redis),
        new("signalr-redis-2", "2 x SignalR + Redis, no log", WireKind.SignalR, PeerServers.TwoSignalROnRedisAsync, Redis),
        new("socketio", "Socket.IO, no log", WireKind.SocketIo, PeerServers.SocketIoAsync, PeerServers.NodeMissing),
        new("socketio-redis", "Socket.IO + Redis, no log", WireKind.SocketIo, PeerServers.SocketIoOnRedisAsync, bench => PeerServers.NodeMissing(bench) ?? Redis(bench)),
    ];

    public bool IsChitChatz => Wire == WireKind.ChitChatz && Id != Bare;

    private static string? Nothing(Bench bench) => null;

    private static string? Postgres(Bench bench) => PrivatePostgres.Missing;

    private static string? Redis(Bench bench) => PeerServers.RedisMissing();
}
