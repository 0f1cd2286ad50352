using System.Collections.Concurrent;
using System.Diagnostics;

namespace ChitChatz.Chaos.Processes;

/// <summary>
/// Starts processes that end when this one does, however it ends: the kernel sends them SIGKILL. On Linux, with util-linux; elsewhere
/// they are ordinary children.
/// </summary>
public static class BoundProcess
{
    private static readonly string? s_setpriv = OperatingSystem.IsLinux() ? Array.Find(["/usr/bin/setpriv", "/bin/setpriv"], File.Exists) : null;
    private static readonly BlockingCollection<(Process Process, TaskCompletionSource Started)> s_starts = StartThread();

    /// <summary>The cores that whatever is started from now on may run on, as <c>taskset</c> takes them; null for all. It has to be installed.</summary>
    public static string? Cores { get; set; }

    /// <summary>Starts it.</summary>
    /// <param name="start">The program.</param>
    /// <param name="user">Whose rights it has; null for this process' own. Only root may give another.</param>
    public static Process Start(ProcessStartInfo start, string? user = null)
    {
        ArgumentNullException.ThrowIfNull(start);
        if (s_setpriv is not null)
        {
            string[] identity = user is null ? [] : [$"--reuid={user}", $"--regid={user}", "--clear-groups"];
            string[] cores = Cores is null ? [] : ["taskset", "--cpu-list", Cores];
            string[] all = [.. identity, "--pdeathsig", "KILL", .. cores, start.FileName, .. start.ArgumentList];
            start.FileName = s_setpriv;
            start.ArgumentList.Clear();
            foreach (string argument in all)
                start.ArgumentList.Add(argument);
        }

        Process process = new() { StartInfo = start };
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        s_starts.Add((process, started));
        started.Task.GetAwaiter().GetResult();
        return process;
    }

    // The kernel watches the thread that made the child, not its process, and threads of the pool come and go.
    private static BlockingCollection<(Process Process, TaskCompletionSource Started)> StartThread()
    {
        BlockingCollection<(Process Process, TaskCompletionSource Started)> starts = [];
        new Thread(() =>
        {
            foreach ((Process process, TaskCompletionSource started) in starts.GetConsumingEnumerable())
            {
                try
                {
                    process.Start();
                    started.SetResult();
                }
                catch (Exception exception)
                {
                    started.SetException(exception);
                }
            }
        })
        { IsBackground = true, Name = "starts processes" }.Start();
        return starts;
    }
}
