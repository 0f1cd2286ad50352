using System.Globalization;
using ChitChatz.Chaos.Checking;

namespace ChitChatz.Chaos.Clients;

/// <summary>Talk on a fixed schedule, whatever comes back: each room in its turn, and in it each of its people.</summary>
/// <param name="rooms">Who talks, by room; a room that is named twice talks twice as much.</param>
/// <param name="perSecond">Messages a second, of all together.</param>
/// <param name="history">Whose clock counts.</param>
/// <param name="textLength">Characters of a message.</param>
/// <param name="filler">What it is made longer with.</param>
public sealed class OpenLoop(IReadOnlyList<IReadOnlyList<OpenLoopUser>> rooms, double perSecond, History history, int textLength = 64, char filler = '.')
{
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(5);

    private long _count;

    /// <summary>Messages a second from now on.</summary>
    public double PerSecond { get; set; } = perSecond;

    /// <summary>Talks until told to stop.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(s_tick);
        double due = history.Now;
        while (!stop.IsCancellationRequested)
        {
            for (; due <= history.Now; due += 1_000_000 / PerSecond)
                Say((long)due);
            try
            {
                await timer.WaitForNextTickAsync(stop);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private void Say(long due)
    {
        var (round, place) = (_count / rooms.Count, (int)(_count % rooms.Count));
        _count++;
        var people = rooms[place];
        people[(int)(round % people.Count)].Say(string.Create(CultureInfo.InvariantCulture, $"message {_count} ").PadRight(textLength, filler), due);
    }
}
