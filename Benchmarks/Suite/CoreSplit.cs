using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;

namespace ChitChatz.Benchmarks.Suite;

/// <summary>
/// Which cores the load has to itself, and which the servers and their stores have, so that the one does not take from the others. Where
/// there are too few of them, all share all.
/// </summary>
/// <param name="Servers">Those of the servers, as <c>taskset</c> takes them; null when all is shared.</param>
/// <param name="Load">Those of the load; empty when all is shared.</param>
/// <param name="Text">The same as a sentence.</param>
internal sealed partial record CoreSplit(string? Servers, int[] Load, string Text)
{
    /// <summary>With fewer the servers would lose too much to the load, which is one thread.</summary>
    private const int Fewest = 4;

    private const int MostCores = 8_192;

    /// <summary>That of this machine, or of the part of it that this process may use.</summary>
    public static CoreSplit Here()
    {
        const string Field = "Cpus_allowed_list:";
        var allowed = Parse(File.ReadLines("/proc/self/status").First(static line => line.StartsWith(Field, StringComparison.Ordinal))[Field.Length..]);
        var siblings = $"/sys/devices/system/cpu/cpu{allowed[^1]}/topology/thread_siblings_list";
        if (Bench.Find("taskset") is null)
            return Shared(allowed.Length, "taskset is not installed");

        // A container may have a share of all cores instead of cores of its own; then there is nothing to split.
        return Environment.ProcessorCount < allowed.Length
            ? Shared(Environment.ProcessorCount, "they are a share of a larger machine")
            : Of(allowed, File.Exists(siblings) ? Parse(File.ReadAllText(siblings)) : []);
    }

    /// <summary>The last core for the load, and the others for the servers.</summary>
    /// <param name="allowed">The cores that there are, ascending.</param>
    /// <param name="siblings">Those that are the last one's hyper-threads, itself included.</param>
    public static CoreSplit Of(int[] allowed, int[] siblings)
    {
        int[] load = [.. allowed.Where(core => core == allowed[^1] || siblings.Contains(core))];
        int[] servers = [.. allowed.Except(load)];
        return allowed.Length < Fewest || servers.Length < load.Length
            ? Shared(allowed.Length, $"a core of its own for the load takes {Fewest}")
            : new CoreSplit(List(servers), load, $"The load has core {List(load)} to itself; the servers and their stores share the cores {List(servers)}.");
    }

    /// <summary>Runs something that blocks on a thread of its own, on the load's cores where it has any.</summary>
    public Task<T> OnLoadCoresAsync<T>(Func<T> load) => Task.Factory.StartNew(
        () =>
        {
            if (Load.Length > 0)
                PinThisThread(Load);
            return load();
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    /// <summary>The cores of a list such as <c>0-3,8</c>.</summary>
    public static int[] Parse(string list) =>
    [
        .. list.Trim().Split(',').Select(static range => Array.ConvertAll(range.Split('-'), static core => int.Parse(core, CultureInfo.InvariantCulture)))
            .SelectMany(static range => Enumerable.Range(range[0], range[^1] - range[0] + 1)),
    ];

    private static CoreSplit Shared(int cores, string reason) =>
        new(null, [], $"The load, the servers and their stores share {cores} cores: {reason}.");

    private static string List(int[] cores) => string.Join(',', cores);

    private static void PinThisThread(int[] cores)
    {
        var mask = new byte[MostCores / 8];
        foreach (var core in cores)
            mask[core / 8] |= (byte)(1 << (core % 8));
        if (SetAffinity(0, mask.Length, mask) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    // The kernel's call is about a thread. .NET's Process.ProcessorAffinity would move the main thread only.
    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    private static partial int SetAffinity(int thread, nint size, byte[] mask);
}
