using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace ChitChatz.Benchmarks.Suite;

/// <summary>What the figures depend on beside the code.</summary>
internal sealed record MachineFacts(string Processor, int Cores, double MemoryGiB, string Kernel, string DotNet, string Node, string Redis, string Postgres, string Commit, string Day)
{
    private const string None = "-";

    /// <summary>Those of this machine.</summary>
    /// <param name="root">The repository.</param>
    public static MachineFacts Here(string root) => new(
        Field("/proc/cpuinfo", "model name"),
        Environment.ProcessorCount,
        double.Parse(Field("/proc/meminfo", "MemTotal").Split(' ')[0], CultureInfo.InvariantCulture) / 1024 / 1024,
        File.ReadAllText("/proc/sys/kernel/osrelease").Trim(),
        RuntimeInformation.FrameworkDescription,
        FirstLine("node", "--version"),
        FirstLine("redis-server", "--version"),
        FirstLine("psql", "--version"),
        CommitOf(root),
        TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

    // What the page itself writes is not what was measured.
    private static string CommitOf(string root)
    {
        var changes = FirstLine("git", "-C", root, "status", "--porcelain", "-uno", "--", ":/", ":/!docs/benchmarks.md", ":/!docs/images/benchmarks");
        return FirstLine("git", "-C", root, "describe", "--always") + (changes == None ? "" : "-dirty");
    }

    private static string Field(string file, string name) =>
        File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? None;

    private static string FirstLine(string program, params string[] args)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, args) { RedirectStandardOutput = true })!;
            var line = process.StandardOutput.ReadLine();
            process.WaitForExit();
            return line?.Split(" sha=")[0] ?? None;
        }
        catch (Win32Exception)
        {
            return None;
        }
    }
}
