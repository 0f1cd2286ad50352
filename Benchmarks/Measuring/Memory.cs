using System.Collections.Immutable;
using System.Globalization;

namespace ChitChatz.Benchmarks.Measuring;

/// <summary>Memory of processes in KiB, from Linux' /proc; NaN where one has ended.</summary>
/// <param name="Private">Pages that nobody else has: what would come free if they ended.</param>
/// <param name="Resident">All that is in memory, with what is shared.</param>
internal readonly record struct Memory(double Private, double Resident)
{
    public static Memory Of(ImmutableArray<int> processes)
    {
        try
        {
            var fields = processes.SelectMany(static process => File.ReadLines($"/proc/{process}/smaps_rollup")).ToLookup(
                static line => line.Split(':')[0],
                static line => line.EndsWith(" kB", StringComparison.Ordinal) ? double.Parse(line.Split(':')[1][..^3], CultureInfo.InvariantCulture) : 0);
            return new Memory(fields["Private_Clean"].Sum() + fields["Private_Dirty"].Sum(), fields["Rss"].Sum());
        }
        catch (IOException)
        {
            // One has ended. That is for its members to say, who lose their connections.
            return new Memory(double.NaN, double.NaN);
        }
    }
}
