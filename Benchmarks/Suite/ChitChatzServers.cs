using ChitChatz.Chaos.Processes;

namespace ChitChatz.Benchmarks.Suite;

/// <summary>ChitChatz in the forms in which it is run. Nothing is set but ports, folders, the store and <c>Limits:RateLimits=false</c>.</summary>
internal static class ChitChatzServers
{
    // The loads are regular; what is asked is what the servers can do, not what they allow one address.
    private const string RateLimitsOff = "--Limits:RateLimits=false";

    /// <summary>One process, with the log in a SQLite file.</summary>
    public static Task StandaloneAsync(Servers servers) => StandaloneAsync(servers, []);

    /// <summary>One process, with the log in memory: what durability costs is the difference.</summary>
    public static Task StandaloneInMemoryAsync(Servers servers) => StandaloneAsync(servers, ["--Storage:Provider=Memory"]);

    /// <summary>One process, with the log in PostgreSQL.</summary>
    public static async Task StandaloneOnPostgresAsync(Servers servers) =>
        await StandaloneAsync(servers, ["--Storage:Provider=Postgres", $"--Storage:ConnectionString={await servers.Bench.NewDatabaseAsync()}"]);

    /// <summary>A silo with a SQLite file, and a gateway.</summary>
    public static async Task TwoProcessesAsync(Servers servers)
    {
        var ports = FreePorts.Take(5);
        await servers.StartAsync(Servers.Ready, url: null, Command(
            servers, "Silo", $"--Silo:Port={ports[0]}", $"--Silo:GatewayPort={ports[1]}", $"--Management:Port={ports[2]}"));
        await servers.StartAsync(Servers.Ready, new Uri($"ws://127.0.0.1:{ports[3]}"), Command(
            servers, "Gateway", RateLimitsOff, $"--Silo:GatewayPort={ports[1]}", $"--Management:Port={ports[4]}", "--urls", $"http://127.0.0.1:{ports[3]}"));
    }

    /// <summary>Two silos and two gateways on PostgreSQL.</summary>
    public static Task ClusterAsync(Servers servers)
    {
        // The script wants its eleven ports in a row, which is how they are given out where nobody else has one of them.
        var ports = FreePorts.Take(11);
        while (ports[^1] != ports[0] + 10)
            ports = FreePorts.Take(11);
        return servers.StartClusterAsync(ports[0], silos: 2, gateways: 2);
    }

    private static Task StandaloneAsync(Servers servers, string[] store)
    {
        var ports = FreePorts.Take(4);
        return servers.StartAsync(Servers.Ready, new Uri($"ws://127.0.0.1:{ports[0]}"), Command(
            servers,
            "Standalone",
            [
                RateLimitsOff, "--urls", $"http://127.0.0.1:{ports[0]}", $"--Silo:Port={ports[1]}", $"--Silo:GatewayPort={ports[2]}", $"--Management:Port={ports[3]}",
                .. store,
            ]));
    }

    private static string[] Command(Servers servers, string name, params string[] args) =>
        ["dotnet", servers.Bench.Built(name, $"ChitChatz.{name}"), .. args, $"--Data:Folder={servers.Folder}"];
}
