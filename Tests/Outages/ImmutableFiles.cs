using System.ComponentModel;
using System.Diagnostics;

namespace ChitChatz.Tests.Outages;

/// <summary>Files that nobody may write for a while, not even who has them open and not even root. Needs root and a file system that can; elsewhere the test is skipped.</summary>
internal sealed class ImmutableFiles(params string[] paths) : IDisposable
{
    // Beside the files: to open and close one of them in SQLite's own process would drop SQLite's locks on it.
    private readonly string _probe = paths[0] + "-probe";

    /// <summary>From now on every write fails.</summary>
    public void Set()
    {
        using FileStream open = new(_probe, FileMode.Create, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        if (!Environment.IsPrivilegedProcess || !Change("+i") || CanWrite(open))
        {
            Assert.Skip("Files cannot be made immutable here: that needs root, chattr, and a file system that keeps it to who has the file open.");
        }
    }

    /// <summary>They may be written again.</summary>
    public void Clear() => Change("-i");

    public void Dispose() => Clear();

    // Sets the length that the file has.
    private static bool CanWrite(FileStream open)
    {
        try
        {
            open.SetLength(open.Length);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private bool Change(string attribute)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo("chattr", [attribute, _probe, .. paths]) { RedirectStandardError = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
