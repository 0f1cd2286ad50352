using System.Diagnostics;
using ChitChatz.Benchmarks.Measuring;
using ChitChatz.Benchmarks.Wires;

namespace ChitChatz.Benchmarks.Scenarios;

/// <summary>Rooms of ChitChatz whose senders say so much before it counts, and whose listeners read it then.</summary>
internal abstract class SpokenRooms : LoadRun
{
    protected SpokenRooms(LoadOptions options, int number)
        : base(options, number) => Listeners = [.. Members.Where(static member => member.Sender is null)];

    public override WireKind Wire => WireKind.ChitChatz2;

    protected Member[] Listeners { get; }

    /// <summary>Of each sender.</summary>
    protected uint Messages => (uint)Options.Messages;

    public override void OnEcho(Member sender)
    {
        if (sender.Sent < Messages)
            sender.Send(Stopwatch.GetTimestamp());
    }

    /// <summary>Lets each sender say all that it has to say, and hear it.</summary>
    protected void Speak()
    {
        foreach (var sender in Senders)
        {
            for (var i = 0; i < Math.Min(Options.Window, Options.Messages); i++)
                sender.Send(Stopwatch.GetTimestamp());

            sender.Flush();
        }

        Progress progress = new(Patience);
        long missing;
        while ((missing = Senders.Sum(sender => Messages - sender.Sent + sender.Missing(Senders))) > 0 && progress.Continues(missing))
            RunOnce(progress.Deadline);
    }
}
