using System.Collections.Immutable;
using System.Globalization;
using ChitChatz.Benchmarks.Wires;

namespace ChitChatz.Benchmarks.Scenarios;

/// <summary>The command line: a scenario's name, then <c>--option value</c> pairs.</summary>
internal sealed record LoadOptions
{
    public const string Usage = """
        ChitChatz.Benchmarks <scenario> [options]     (Linux; measure Release builds only)
          hot       one room of 100, 4 senders, each with 16 messages on their way
          steady    one room of 100, 500 messages a second on a fixed schedule, latency from the intended time
          wide      one room of 1,000, 20 messages a second
          many      100 rooms of 5, each member a sender with 2 messages on their way
          many-low  2,000 rooms of 5, 500 messages a second in all
          churn     steady, while every second listener leaves and joins again, 100 times a second in all
          slope     one room of 100 at 250 and at 1,000 messages a second: what one more message costs the servers
          connect   2,000 connections into 20 rooms as fast as they come, then one message in each room
          idle      10,000 connections in 100 rooms and no message: memory at a fifth, a half and all of them, each after --seconds
          resume    10 rooms of 100 listeners, who lose their connections, miss 300 messages and come back for them at once (ChitChatz)
          history   10 rooms of 100 members, who page back through its 300 messages, each with one page of 50 on its way (ChitChatz)
          cost      20 rooms with more and more members and messages; what the servers' CPU time is made of
          --wire chitchatz|signalr|socketio
          --url ws://localhost:3000   --seconds 10   --warmup 3   --runs 1   --server-pid <pid>
          (--url and --server-pid as often as there are gateways and processes; members take turns over the gateways)
          --rooms n  --members n  --senders n  --window n  --rate messages/s  --parallel connections being set up at once
          --moves leaves and joins a second in churn   --messages of each sender in resume and history
        Start ChitChatz with --Limits:RateLimits=false.
        """;

    public required string Scenario { get; init; }

    public required LoadShape Shape { get; init; }

    /// <summary>What the server speaks.</summary>
    public WireKind Wire { get; init; } = WireKind.ChitChatz;

    /// <summary>The gateways. Members take turns over them, so that a room is on as many as it can be.</summary>
    public ImmutableArray<Uri> Urls { get; init; } = [];

    public int Seconds { get; init; } = 10;

    public int Warmup { get; init; } = 3;

    public int Runs { get; init; } = 1;

    /// <summary>The server's processes on this machine, for their CPU time; empty when they are elsewhere.</summary>
    public ImmutableArray<int> ServerPids { get; init; } = [];

    /// <summary>Messages that a closed-loop sender has on their way.</summary>
    public int Window { get; init; } = 1;

    /// <summary>Messages a second of all senders together in the open loop.</summary>
    public int Rate { get; init; } = 500;

    /// <summary>Leaves and joins a second in churn.</summary>
    public int Moves { get; init; } = 100;

    /// <summary>Messages of each sender in resume and history. Of more than 300 that are missed ChitChatz would say that they are not all.</summary>
    public int Messages { get; init; } = 300;

    /// <summary>Connections between dial and join at one moment. Kestrel's backlog is 512; a full one costs a second each.</summary>
    public int Parallel { get; init; } = 64;

    /// <summary>Reads the command line; null with a reason if it does not fit.</summary>
    public static LoadOptions? Read(string[] args, out string? failure)
    {
        failure = null;
        LoadOptions? options = Of(args.FirstOrDefault());
        for (var i = 1; options is not null && i < args.Length; i += 2)
            options = options.With(args[i], i + 1 < args.Length ? args[i + 1] : "", ref failure);

        failure ??= options is null ? "no such scenario" : options.Shape.Failure;
        if (options is { Scenario: "cost" or "slope" or "idle", ServerPids.IsEmpty: true })
            failure ??= $"{options.Scenario} is about the servers' own use: name them with --server-pid";
        if (options is { Scenario: "resume" or "history" } && options.Wire != WireKind.ChitChatz)
            failure ??= $"{options.Scenario} is known to ChitChatz only";
        if (failure is not null)
            return null;
        return options!.Urls.IsEmpty ? options with { Urls = [new Uri("ws://localhost:3000")] } : options;
    }

    /// <summary>A scenario as it is without further options; null if there is none of this name.</summary>
    public static LoadOptions? Of(string? scenario) => scenario switch
    {
        "hot" => new() { Scenario = "hot", Shape = new(1, 100, 4), Window = 16 },
        "steady" => new() { Scenario = "steady", Shape = new(1, 100, 10) },
        "wide" => new() { Scenario = "wide", Shape = new(1, 1_000, 10), Rate = 20 },
        "many" => new() { Scenario = "many", Shape = new(100, 5, 5), Window = 2 },
        "many-low" => new() { Scenario = "many-low", Shape = new(2_000, 5, 1) },
        "churn" => new() { Scenario = "churn", Shape = new(1, 100, 10) },
        "slope" => new() { Scenario = "slope", Shape = new(1, 100, 1), Rate = 1_000 },
        "connect" => new() { Scenario = "connect", Shape = new(20, 100, 1) },
        "idle" => new() { Scenario = "idle", Shape = new(100, 100, 1) },
        "resume" => new() { Scenario = "resume", Shape = new(10, 101, 1), Window = 16 },
        "history" => new() { Scenario = "history", Shape = new(10, 101, 1), Window = 16 },
        "cost" => new() { Scenario = "cost", Shape = new(20, 2, 1) },
        _ => null,
    };

    private LoadOptions? With(string option, string value, ref string? failure)
    {
        if (option == "--url" && Uri.TryCreate(value, UriKind.Absolute, out var url) && url.Scheme == "ws")
            return this with { Urls = Urls.Add(url) };

        if (option == "--wire" && WireKind.Find(value) is { } wire)
            return this with { Wire = wire };

        var known = int.TryParse(value, CultureInfo.InvariantCulture, out var n) && n >= (option == "--warmup" ? 0 : 1);
        var options = !known ? null : option switch
        {
            "--seconds" => this with { Seconds = n },
            "--warmup" => this with { Warmup = n },
            "--runs" => this with { Runs = n },
            "--server-pid" => this with { ServerPids = ServerPids.Add(n) },
            "--rooms" => this with { Shape = Shape with { Rooms = n } },
            "--members" => this with { Shape = Shape with { Members = n } },
            "--senders" => this with { Shape = Shape with { Senders = n } },
            "--window" => this with { Window = n },
            "--rate" => this with { Rate = n },
            "--moves" => this with { Moves = n },
            "--messages" => this with { Messages = n },
            "--parallel" => this with { Parallel = n },
            _ => null,
        };
        failure = options is null ? $"{option} {value}: not understood" : null;
        return options;
    }
}
