using System.Diagnostics;
using ChitChatz.Benchmarks.Measuring;

namespace ChitChatz.Benchmarks.Scenarios;

/// <summary>The open loop in a room where every second listener goes out and comes back all the time, by turns.</summary>
internal sealed class Churn : OpenLoop
{
    private readonly Member[] _movers;
    private long _next;
    private long _moves;

    public Churn(LoadOptions options, int number)
        : base(options, number) => _movers = [.. Members.Where(static member => member.Sender is null && member.Index % 2 == 0)];

    protected override IEnumerable<RunResult.Figure> Figures(CpuTimes cpu) =>
        base.Figures(cpu).Prepend(new("moves/s", _moves / Measurement.Length.TotalSeconds, "N0"));

    protected override void AfterSend(long due)
    {
        if (_next == 0)
            _next = due;

        for (; _next <= due && _movers.Length > 0; _next += Stopwatch.Frequency / Options.Moves)
        {
            // One that still waits for its last answer is left out: the server is what is slow then, and moves/s says so.
            var mover = _movers[_next / (Stopwatch.Frequency / Options.Moves) % _movers.Length];
            if (!mover.TryMove())
                continue;

            mover.Flush();
            if (due >= Measurement.From)
                _moves++;
        }
    }
}
