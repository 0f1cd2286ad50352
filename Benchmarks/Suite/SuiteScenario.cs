using System.Globalization;
using ChitChatz.Benchmarks.Scenarios;

namespace ChitChatz.Benchmarks.Suite;

/// <summary>A load that the servers are put under in turn.</summary>
/// <param name="Id">Its name on the command line.</param>
/// <param name="What">What happens in it, for people.</param>
/// <param name="Command">The load's command line, without what depends on the server.</param>
/// <param name="Small">The same for the smoke test; what differs in size alone may have the same one.</param>
/// <param name="Shown">The figures of its table; the first is the one that is compared and drawn.</param>
internal sealed record SuiteScenario(string Id, string What, string Command, string Small, params string[] Shown)
{
    private const string Rate = "deliveries/s";
    private const string Median = "p50 ms";
    private const string Tail = "p99 ms";
    private const string Cost = "server us/delivery";
    private const string Own = "client cores";
    private const string Others = "other cores";

    public static IReadOnlyList<SuiteScenario> All { get; } =
    [
        new("hot", "One room of 100, 4 senders with 16 messages on their way each.", "hot", "hot", Rate, Median, Tail, Cost, Own, Others) { IsWarm = true },
        new("steady", "One room of 100, 500 messages/s on a fixed schedule.", "steady", "steady", Tail, Median, Rate, Cost, Own, Others) { IsWarm = true },
        new("many", "100 rooms of 5, all send, 2 messages on their way each.", "many", "many --rooms 20", Rate, Median, Tail, Cost, Own, Others) { IsWarm = true },
        new("many-low", "2,000 rooms of 5, 500 messages/s in all.", "many-low", "many-low --rooms 50", Tail, Median, Rate, Cost, Own, Others) { IsWarm = true },
        new("wide-1000", "One room of 1,000, 20 messages/s.", "wide", "wide --members 200", Tail, Median, Rate, Cost, Own, Others),
        new("wide-10000", "One room of 10,000, 20 messages/s.", "wide --members 10000", "wide --members 200", Tail, Median, Rate, Cost, Own, Others),
        new("connect", "5,000 connections into 50 rooms as fast as they come, again and again until the warm-up is over; the last time counts, and what the time before left to clean up falls into it.", "connect --rooms 50", "connect --rooms 5 --members 40", "joins/s", "server us/join", "client us/join")
        { IsWarm = true, WarmsUpByRepeating = true },
        new("churn", "Steady, while 45 listeners leave and join again, 100 times a second in all.", "churn", "churn --members 50", Tail, Median, "moves/s", Rate, Cost, Own, Others),
        new("idle", "10,000 silent members in 100 rooms: private memory of the process that holds the connections, slope from 2,000 over 5,000.", "idle",
            "idle --rooms 10 --members 20", "KiB/connection", "RSS KiB/connection", "MiB at 10000")
        { IsFor = static candidate => candidate.Id is Candidate.Standalone or Candidate.TwoProcesses or Candidate.Bare or "signalr" or "socketio" },
        new("resume", "1,000 listeners in 10 rooms lose their connections, miss 300 messages each and come back for them at once.", "resume",
            "resume --rooms 2 --members 26 --messages 100", "resumed/s", "resumes/s", "server us/resumed", "client us/resumed")
        { IsFor = static candidate => candidate.IsChitChatz, WarmsUpByRepeating = true },
        new("history", "1,000 members in 10 rooms page back through the 300 messages of theirs, again and again, each with one page of 50 on its way.", "history",
            "history --rooms 2 --members 26 --messages 120", "pages/s", Median, Tail, "server us/page", "client us/page")
        { IsFor = static candidate => candidate.IsChitChatz },
        Slope("members-1", "One more message/s in a room of 1.", "--members 1 --rate 400", "--members 1"),
        Slope("members-100", "One more message/s in a room of 100.", "--members 100 --rate 400", "--members 10"),
        Slope("members-1000", "One more message/s in a room of 1,000.", "--members 1000 --rate 40", "--members 10"),
        Slope("members-10000", "One more message/s in a room of 10,000.", "--members 10000 --rate 4", "--members 10"),
        Slope("rooms-10", "One more message/s over 10 rooms of 1.", "--rooms 10 --members 1", "--rooms 10 --members 1"),
        Slope("rooms-1000", "One more message/s over 1,000 rooms of 1.", "--rooms 1000 --members 1", "--rooms 10 --members 1"),
        Slope("rooms-10000", "One more message/s over 10,000 rooms of 1.", "--rooms 10000 --members 1", "--rooms 10 --members 1"),
    ];

    /// <summary>Whether a server takes part.</summary>
    public Predicate<Candidate> IsFor { get; private init; } = static _ => true;

    /// <summary>Whether processes that served another load are as good for it as new ones.</summary>
    public bool IsWarm { get; private init; }

    /// <summary>Whether it is over so soon that it is its own warm-up.</summary>
    public bool WarmsUpByRepeating { get; private init; }

    /// <summary>The figure that is compared and drawn.</summary>
    public string Headline => Shown[0];

    /// <summary>Whether more of that figure is better.</summary>
    public bool MoreIsBetter => Headline.EndsWith("/s", StringComparison.Ordinal);

    /// <summary>The one that the smoke test has in its place.</summary>
    public SuiteScenario Quick() => this with { Command = Small };

    /// <summary>The run against these servers.</summary>
    public LoadOptions Options(Candidate candidate, Servers servers, int seconds, int warmup)
    {
        var pids = Command.StartsWith("idle", StringComparison.Ordinal) ? servers.Gateways : servers.Pids;
        string[] args =
        [
            .. Command.Split(' '), "--wire", candidate.Wire.Name, "--seconds", Text(seconds), "--warmup", Text(warmup),
            .. servers.Urls.SelectMany(static url => new[] { "--url", url.ToString() }), .. pids.SelectMany(static pid => new[] { "--server-pid", Text(pid) }),
        ];
        return LoadOptions.Read(args, out var failure) ?? throw new InvalidOperationException(failure);
    }

    private static SuiteScenario Slope(string id, string what, string shape, string small) => new(id, what, $"slope {shape}", $"slope {small}", "server us/send", Own)
    {
        IsFor = static candidate => candidate.Id is Candidate.Standalone or Candidate.TwoProcesses or Candidate.Bare,
    };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
