using System.Diagnostics;
using System.Net.Sockets;
using ChitChatz.Benchmarks.Measuring;
using ChitChatz.Benchmarks.Sockets;
using ChitChatz.Benchmarks.Wires;

namespace ChitChatz.Benchmarks.Scenarios;

/// <summary>One run of a scenario, from the first dial to the last good-bye. A scenario says how it sends.</summary>
internal abstract class LoadRun : IDisposable
{
    /// <summary>How long nothing may change while something is missing.</summary>
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly EventLoop _loop = new();
    private readonly List<Connection> _connections = [];
    private int _joined;

    protected LoadRun(LoadOptions options, int number)
    {
        Options = options;
        // Names are held by live connections and rooms outlive their members: each run of each process has its own.
        Tag = $"b{Environment.ProcessId}n{number}";
        Members = [.. Enumerable.Range(0, options.Shape.Connections).Select(i => new Member(this, i))];
        Senders = [.. Members.Where(m => m.Sender is not null)];
    }

    public LoadOptions Options { get; }

    /// <summary>What its members speak.</summary>
    public virtual WireKind Wire => Options.Wire;

    public string Tag { get; }

    public Faults Faults { get; } = new();

    public Measurement Measurement { get; } = new();

    /// <summary>Ordered by their numbers.</summary>
    public Member[] Senders { get; }

    protected Member[] Members { get; }

    /// <summary>The run of a scenario.</summary>
    /// <param name="options">What and how much.</param>
    /// <param name="number">Different for each run of this process.</param>
    public static LoadRun New(LoadOptions options, int number) => options.Scenario switch
    {
        "steady" or "wide" or "many-low" => new OpenLoop(options, number),
        "connect" => new ConnectStorm(options, number),
        "slope" => new Slope(options, number),
        "churn" => new Churn(options, number),
        "idle" => new IdleMemory(options, number),
        "resume" => new ResumeStorm(options, number),
        "history" => new HistoryPaging(options, number),
        _ => new ClosedLoop(options, number),
    };

    /// <summary>Runs it all. Blocks: this thread is the load.</summary>
    public RunResult Run()
    {
        var start = Stopwatch.GetTimestamp();
        var before = CpuTimes.Now(Options.ServerPids);
        Connect(First);
        RunResult.Joins joins = new(_joined, Stopwatch.GetElapsedTime(start), CpuTimes.Now(Options.ServerPids) - before);
        var load = default(CpuTimes);
        if (Faults.Count == 0)
        {
            load = Load();
            Drain();
        }

        LeaveAll();
        return new RunResult([.. RunResult.Setup(joins), .. Faults.Count == 0 ? Figures(load) : []], Measurement, load, Faults);
    }

    /// <summary>One more member is in its room.</summary>
    public void OnJoined() => _joined++;

    /// <summary>A sender's own message came back.</summary>
    public virtual void OnEcho(Member sender)
    {
    }

    /// <summary>A member's page of the room's log came.</summary>
    public virtual void OnHistory(Member member, ReadOnlySpan<byte> page, long now)
    {
    }

    public void Dispose()
    {
        foreach (var connection in _connections)
            connection.Dispose();

        _loop.Dispose();
    }

    /// <summary>Those that are there before the load begins.</summary>
    protected virtual Member[] First => Members;

    /// <summary>Sends for as long as the scenario wants, the measured window in it; the CPU time of that window.</summary>
    protected abstract CpuTimes Load();

    /// <summary>What the scenario found out, from the CPU time that <see cref="Load"/> gave.</summary>
    protected virtual IEnumerable<RunResult.Figure> Figures(CpuTimes cpu) => Measurement.IsOpen ? RunResult.Load(Measurement, cpu) : [];

    /// <summary>Opens the window after the warm-up, both from now.</summary>
    protected void OpenWindow(long now, int warmup) => Measurement.Open(
        now + warmup * Stopwatch.Frequency,
        now + (warmup + Options.Seconds) * Stopwatch.Frequency);

    protected void RunOnce(long until) => _loop.RunOnce(until);

    /// <summary>Reads and answers until then.</summary>
    protected void RunUntil(long until)
    {
        while (Stopwatch.GetTimestamp() < until && Faults.Count == 0)
            RunOnce(until);
    }

    /// <summary>Brings these into their rooms.</summary>
    protected void Connect(Member[] members)
    {
        _joined = 0;
        var dialled = 0;
        var progress = new Progress(Patience);
        while (_joined < members.Length && Faults.Count == 0 && progress.Continues(_joined))
        {
            while (dialled < members.Length && dialled - _joined < Options.Parallel && TryDial(members[dialled]))
                dialled++;

            if (Faults.Count == 0)
                _loop.RunOnce(progress.Deadline);
        }

        if (_joined < members.Length)
            Faults.Add($"only {_joined} of {members.Length} members joined");
    }

    /// <summary>What was sent must arrive: waits while messages come, and names those who lack some.</summary>
    protected void Drain()
    {
        var progress = new Progress(Patience);
        long missing;
        while ((missing = Members.Sum(m => m.Missing(Senders))) > 0 && progress.Continues(missing))
            _loop.RunOnce(progress.Deadline);

        foreach (var member in missing == 0 ? [] : Members.Where(m => m.Missing(Senders) > 0))
            Faults.Add($"{member}: {member.Missing(Senders)} messages or answers never came");
    }

    private bool TryDial(Member member)
    {
        var url = Options.Urls[member.Index % Options.Urls.Length];
        try
        {
            _connections.Add(member.Dial(_loop, new Uri(url, Wire.PathAndQuery)));
            return true;
        }
        catch (SocketException e)
        {
            Faults.Add($"{url}: {e.Message}");
            return false;
        }
    }

    private void LeaveAll()
    {
        foreach (var member in Members)
            member.Leave();

        var progress = new Progress(Patience);
        int left;
        while ((left = _connections.Count(c => !c.IsClosed)) > 0 && progress.Continues(left))
            _loop.RunOnce(progress.Deadline);
    }
}
