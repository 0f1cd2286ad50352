using System.Diagnostics;

namespace ChitChatz.Tests.Outages;

/// <summary>Files that nobody may write for a while, not even who has them open and not even root. Needs root and a file system that can; elsewhere the test is skipped.</summary>
internal sealed class ImmutableFiles(params string[] paths) : IDisposable
{
    /// <summary>From now on every write fails.</summary>
    public void Set()
    {
        if (!Environment.IsPrivilegedProcess || !Change("+i"))
        {
            Assert.Skip("Files cannot be made immutable here: that needs root, and a file system that knows it.");
        }
    }

    /// <summary>They may be written again.</summary>
    public void Clear() => Change("-i");

    public void Dispose() => Clear();

    private bool Change(string attribute)
    {
        using Process process = Process.Start(new ProcessStartInfo("chattr", [attribute, .. paths]) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
