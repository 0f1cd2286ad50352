using System.Diagnostics;
using System.Net.Sockets;

namespace ChitChatz.Benchmarks;

/// <summary>One run of a scenario, from the first dial to the last good-bye. A scenario says how it sends.</summary>
internal abstract class LoadRun : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly EventLoop _loop = new();
    private readonly List<Connection> _connections = [];
    private readonly Member[] _members;
    private int _joined;

    protected LoadRun(LoadOptions options, int number)
    {
        Options = options;
        // Names are held by live connections and rooms outlive their members: each run of each process has its own.
        Tag = $"b{Environment.ProcessId}n{number}";
        _members = [.. Enumerable.Range(0, options.Shape.Connections).Select(i => new Member(this, i))];
        Senders = [.. _members.Where(m => m.Sender is not null)];
    }

    public LoadOptions Options { get; }

    public string Tag { get; }

    public Faults Faults { get; } = new();

    public Measurement Measurement { get; } = new();

    /// <summary>Ordered by their numbers.</summary>
    protected Member[] Senders { get; }

    /// <summary>Runs it all. Blocks: this thread is the load.</summary>
    public RunResult Run()
    {
        var start = Stopwatch.GetTimestamp();
        var before = CpuTimes.Now(Options.ServerPids);
        ConnectAll();
        var joins = new RunResult.Joins(_joined, Stopwatch.GetElapsedTime(start), CpuTimes.Now(Options.ServerPids) - before);
        var load = default(CpuTimes);
        if (Faults.Count == 0)
        {
            load = Load();
            Drain();
        }

        LeaveAll();
        return new RunResult(joins, Measurement, load, Faults);
    }

    /// <summary>One more member is in its room.</summary>
    public void OnJoined() => _joined++;

    /// <summary>A sender's own message came back.</summary>
    public abstract void OnEcho(Member sender);

    public void Dispose()
    {
        foreach (var connection in _connections)
            connection.Dispose();

        _loop.Dispose();
    }

    /// <summary>Sends for as long as the scenario wants, the measured window in it; the CPU time of that window.</summary>
    protected abstract CpuTimes Load();

    /// <summary>Opens the window after the warm-up, both from now.</summary>
    protected void OpenWindow(long now) => Measurement.Open(
        now + Options.Warmup * Stopwatch.Frequency,
        now + (Options.Warmup + Options.Seconds) * Stopwatch.Frequency);

    protected void RunOnce(long until) => _loop.RunOnce(until);

    private void ConnectAll()
    {
        var progress = new Progress(Patience);
        while (_joined < _members.Length && Faults.Count == 0 && progress.Continues(_joined))
        {
            while (_connections.Count < _members.Length && _connections.Count - _joined < Options.Parallel && TryDial())
            {
            }

            if (Faults.Count == 0)
                _loop.RunOnce(progress.Deadline);
        }

        if (_joined < _members.Length)
            Faults.Add($"only {_joined} of {_members.Length} members joined");
    }

    private bool TryDial()
    {
        var url = Options.Urls[_connections.Count % Options.Urls.Length];
        try
        {
            _connections.Add(Connection.Dial(_loop, url, _members[_connections.Count]));
            return true;
        }
        catch (SocketException e)
        {
            Faults.Add($"{url}: {e.Message}");
            return false;
        }
    }

    // What was sent must arrive: waits while messages come, and names those who lack some.
    private void Drain()
    {
        var progress = new Progress(Patience);
        long missing;
        while ((missing = _members.Sum(m => m.Missing(Senders))) > 0 && progress.Continues(missing))
            _loop.RunOnce(progress.Deadline);

        foreach (var member in missing == 0 ? [] : _members.Where(m => m.Missing(Senders) > 0))
            Faults.Add($"{member}: {member.Missing(Senders)} messages never came");
    }

    private void LeaveAll()
    {
        foreach (var member in _members)
            member.Leave();

        var progress = new Progress(Patience);
        int left;
        while ((left = _connections.Count(c => !c.IsClosed)) > 0 && progress.Continues(left))
            _loop.RunOnce(progress.Deadline);
    }
}
