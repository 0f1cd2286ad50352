using System.Globalization;
using ChitChatz.Chaos.Checking;
using ChitChatz.Chaos.Clients;
using ChitChatz.Chaos.Cluster;
using ChitChatz.Chaos.Processes;
using ChitChatz.Chaos.Report;

namespace ChitChatz.Chaos.Scenarios;

/// <summary>One run of a scenario: a cluster, its users and their talk, everything written down; at the end the final log and the verdict.</summary>
internal sealed class ClusterRun : IAsyncDisposable
{
    private static readonly TimeSpan s_convergence = TimeSpan.FromSeconds(30);

    private readonly string _folder;
    private readonly CancellationTokenSource _talk = new();
    private Task _talking = Task.CompletedTask;
    private long _healed;

    private ClusterRun(string name, Options options, Scoreboard board, ChatCluster cluster, string folder)
    {
        (Name, Options, Board, Cluster, _folder) = (name, options, board, cluster, folder);
        if (cluster.Store is { } store)
            Writers = new Writers(store);
    }

    public string Name { get; }

    public Options Options { get; }

    public Scoreboard Board { get; }

    public ChatCluster Cluster { get; }

    public History History { get; } = new();

    public Traffic Traffic { get; } = new();

    public List<OpenLoopUser> Users { get; } = [];

    public Writers? Writers { get; }

    public OpenLoop? Loop { get; private set; }

    /// <summary>How many unacknowledged messages the users have that are added from now on.</summary>
    public int MaxPending { get; set; } = 4_096;

    public IEnumerable<IGrouping<string, OpenLoopUser>> Rooms => Users.GroupBy(static user => user.Room);

    /// <summary>Starts the cluster.</summary>
    public static async Task<ClusterRun> StartAsync(string name, Options options, Scoreboard board, ClusterShape shape, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(Repository.FoundRoot ?? Directory.GetCurrentDirectory(), "artifacts", "chaos", $"{name}-{options.Seed}");
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        var cluster = await ChatCluster.StartNewAsync(shape, options.Published, folder, cancellationToken);
        board.Note($"{(shape.Silos == 0 ? "Standalone, SQLite" : $"{shape.Silos} silos, {shape.Gateways} gateways, PostgreSQL")}: ready; what they say: {folder}");
        var run = new ClusterRun(name, options, board, cluster, folder);
        if (run.Writers is { } writers)
            await writers.BeginAsync();
        return run;
    }

    /// <summary>Adds users of a room, who spread over the gateways, and waits until they are in it.</summary>
    public async Task AddUsersAsync(string room, int count, CancellationToken cancellationToken)
    {
        for (var i = 0; i < count; i++)
        {
            var number = Users.Count;
            Users.Add(new OpenLoopUser(
                string.Create(CultureInfo.InvariantCulture, $"user {number}"), room, Cluster.Addresses, number % Cluster.Addresses.Count, History, Traffic)
            {
                MaxPending = MaxPending,
            });
            Users[^1].Start();

            // More at once would only wait in the gateway's backlog.
            if (number % 64 == 63)
                await WhenJoinedAsync(cancellationToken);
        }

        await WhenJoinedAsync(cancellationToken);
    }

    /// <summary>20 rooms of 200 users, one of them with 100.</summary>
    public async Task AddUsualUsersAsync(CancellationToken cancellationToken)
    {
        await AddUsersAsync("hot", 100, cancellationToken);
        for (var room = 0; room < 19; room++)
            await AddUsersAsync(string.Create(CultureInfo.InvariantCulture, $"room {room}"), room < 5 ? 6 : 5, cancellationToken);
        Board.Note($"{Users.Count} users in {Rooms.Count()} rooms");
    }

    /// <summary>Ends when everybody is in their room.</summary>
    public async Task WhenJoinedAsync(CancellationToken cancellationToken)
    {
        while (Users.Exists(static user => user.Joined is null))
            await Task.Delay(20, cancellationToken);
    }

    /// <summary>Lets them talk. A room that is named in <paramref name="busy"/> so many times more than others.</summary>
    public void Talk(double perSecond, string? busy = null, int times = 1, int textLength = 64, char filler = '.')
    {
        var rooms = Rooms.SelectMany(room => Enumerable.Repeat<IReadOnlyList<OpenLoopUser>>([.. room], room.Key == busy ? times : 1)).ToArray();
        new Random(Options.Seed).Shuffle(rooms);
        Loop = new OpenLoop(rooms, perSecond, History, textLength, filler);
        _talking = Loop.RunAsync(_talk.Token);
        Board.Note(string.Create(CultureInfo.InvariantCulture, $"{perSecond:0} messages a second from now on"));
    }

    /// <summary>Ends the talk; then waits until everything is acknowledged and everybody has everything, and checks that it is so in time.</summary>
    public async Task ConvergeAsync(CancellationToken cancellationToken)
    {
        var from = History.Now;
        var converged = await ConvergeQuietlyAsync(cancellationToken);
        Board.Check(converged, string.Create(CultureInfo.InvariantCulture, $"converged: {(History.Now - from) / 1e6:0.0} s after the last fault was healed (30 s){Missing(converged)}"));
    }

    /// <summary>The same for a control, whose users may never have everything.</summary>
    public async Task<bool> ConvergeQuietlyAsync(CancellationToken cancellationToken)
    {
        var from = _healed = History.Now;
        await _talk.CancelAsync();
        await _talking;
        var converged = false;
        while (!converged && History.Now - from < s_convergence.TotalMicroseconds)
        {
            await Task.Delay(50, cancellationToken);
            converged = IsConverged();
        }

        return converged;
    }

    /// <summary>Kills a gateway with people on it of whom every second one never comes back, and starts it again.</summary>
    public async Task LoseForGoodAsync(CancellationToken cancellationToken)
    {
        OpenLoopUser[] lost = [.. Users.Where(static user => user.Gateway == 0).Where(static (_, i) => i % 2 == 0)];
        await Cluster.Gateways[0].KillAsync();
        _healed = History.Now;
        History.Fault($"{Cluster.Gateways[0].Name} killed, and {lost.Length} people on it");
        await Task.WhenAll(lost.Select(static user => user.DisposeAsync().AsTask()));
        Users.RemoveAll(lost.Contains);
        await Cluster.Gateways[0].StartAsync();
        await Cluster.WhenReadyAsync(cancellationToken);
        await WhenJoinedAsync(cancellationToken);
        Board.Note($"{Cluster.Gateways[0].Name} killed and started again; {lost.Length} of the people on it died with it");
    }

    /// <summary>Adds the final log, and holds the history against the promises.</summary>
    public async Task<Verdict> JudgeAsync()
    {
        foreach (var row in await StoredLog.ReadAsync(Cluster, History))
            History.Add(row);
        Board.Machine();
        foreach (var node in Cluster.Nodes)
            node.Ends.ForEach(Board.Note);
        if (Traffic.Refusals.Count > 0)
            Board.Note("errors to senders: " + string.Join(", ", Traffic.Refusals.Select(static refusal => $"{refusal.Value} {refusal.Key}")));
        var comebacks = Traffic.Comebacks;
        Board.Note($"{comebacks.Length} returns, {comebacks.Count(static back => !back.Recovered)} of them without everything that was missed");
        var verdict = Checker.Check(History);
        Board.Note(verdict.ToString());
        if (!verdict.IsClean)
        {
            History.Save(Path.Combine(_folder, "history.jsonl"));
            foreach (var kind in verdict.Violations.GroupBy(static violation => violation.Invariant))
                Board.Note($"{kind.Count()} x {kind.Key}");
        }

        return verdict;
    }

    /// <summary>The checks that every scenario ends with.</summary>
    public async Task FinishAsync(CancellationToken cancellationToken)
    {
        await using var visitor = await Visitor.ComeAsync(Cluster.Addresses[0], cancellationToken);
        await CheckPresenceAsync(visitor, cancellationToken);
        var verdict = await JudgeAsync();
        Board.Check(verdict.IsClean, $"no promise broken: {verdict.Acked} acked, {verdict.Violations.Count} violations");
        HistoryEvent[] stored = [.. History.Events.Where(static happened => happened.Kind == EventKind.Stored)];
        var seen = await visitor.ReadLogAsync(stored.Select(static row => row.Room!).Distinct());
        var same = stored.Length == seen.Count && stored.Zip(seen).All(static pair => pair.First with { At = 0 } == pair.Second);
        Board.Check(same, $"the log through the API is the log in the store: {seen.Count} and {stored.Length} messages");

        // Within 300 messages a resume is free of gaps.
        var short_ = Traffic.Comebacks.Count(static back => !back.Recovered && back.Missed <= 300);
        Board.Check(short_ == 0, $"every return within 300 messages brought what was missed ({short_} did not)");
    }

    /// <summary>Whoever died has left, and everybody else is there.</summary>
    private async Task CheckPresenceAsync(Visitor visitor, CancellationToken cancellationToken)
    {
        var wrong = "";
        var ghosts = 0;
        foreach (var room in Rooms)
        {
            HashSet<string> there = [Visitor.Name, .. room.Select(static user => user.Name)];
            for (var look = 0; ; look++)
            {
                var members = await visitor.ReadMembersAsync(room.Key);
                ghosts += look == 0 ? members.Except(there).Count() : 0;
                if (members.SetEquals(there))
                    break;
                if (History.Now - _healed > s_convergence.TotalMicroseconds)
                {
                    wrong += string.Create(
                        CultureInfo.InvariantCulture, $"; {room.Key} shows {members.Except(there).Count()} who are not there, and not {there.Except(members).Count()} who are");
                    break;
                }

                await Task.Delay(500, cancellationToken);
            }
        }

        Board.Check(wrong.Length == 0, string.Create(
            CultureInfo.InvariantCulture,
            $"presence: each room shows who is in it, {(History.Now - _healed) / 1e6:0.0} s after the last fault (30 s); {ghosts} were still shown at first{wrong}"));
    }

    public async ValueTask DisposeAsync()
    {
        await _talk.CancelAsync();
        await _talking;
        await Task.WhenAll(Users.Select(static user => user.DisposeAsync().AsTask()));
        await Cluster.DisposeAsync();
        _talk.Dispose();
    }

    private bool IsConverged()
    {
        if (Users.Exists(static user => user.Unacked > 0 || user.Joined is not { IsOpen: true }))
            return false;
        return Rooms.All(static room => room.Select(static user => user.Joined?.Position.Seq).Distinct().Count() == 1);
    }

    private string Missing(bool converged)
    {
        if (converged)
            return "";
        var behind = Rooms.Where(static room => room.Select(static user => user.Joined?.Position.Seq).Distinct().Count() > 1).Select(static room => room.Key);
        return $"; {Users.Sum(static user => user.Unacked)} not acked, {Users.Count(static user => user.Joined is null)} users not in, not all the same in: {string.Join(", ", behind)}";
    }
}
