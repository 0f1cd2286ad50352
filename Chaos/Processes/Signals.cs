using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ChitChatz.Chaos.Processes;

/// <summary>A signal of POSIX, by its number on Linux.</summary>
public enum Signal
{
    /// <summary>What Ctrl-C sends.</summary>
    Interrupt = 2,

    /// <summary>Ends it on the spot.</summary>
    Kill = 9,

    /// <summary>Asks it to end.</summary>
    Terminate = 15,

    /// <summary>Lets it go on.</summary>
    Continue = 18,

    /// <summary>Freezes it.</summary>
    Stop = 19,
}

/// <summary>Signals to processes.</summary>
public static partial class Signals
{
    private const int NoSuchProcess = 3;

    /// <summary>Sends one. Nothing happens when the process has ended.</summary>
    public static void Send(int process, Signal signal)
    {
        if (SendSignal(process, (int)signal) != 0 && Marshal.GetLastPInvokeError() is not NoSuchProcess and var error)
            throw new Win32Exception(error, $"{signal} to process {process}");
    }

    /// <summary>The children of a process, from Linux' /proc.</summary>
    public static IReadOnlyList<int> ChildrenOf(int parent)
    {
        List<int> children = [];
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), out int process))
                continue;
            try
            {
                // The second field, the program's name, may hold blanks: count behind its closing bracket.
                string stat = File.ReadAllText(Path.Combine(folder, "stat"));
                if (stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1] == $"{parent}")
                    children.Add(process);
            }
            catch (IOException)
            {
                // It has ended.
            }
        }

        return children;
    }

    /// <summary>Sends a signal to a process that was started here.</summary>
    public static void Send(this Process process, Signal signal)
    {
        ArgumentNullException.ThrowIfNull(process);
        if (!process.HasExited)
            Send(process.Id, signal);
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int process, int signal);
}
