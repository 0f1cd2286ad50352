using System.Runtime.InteropServices;
using System.Text;

namespace ChitChatz.Gateway.Identity;

/// <summary>
/// Gives a finished file its name unless somebody else was first, in one step. <see cref="File.Move(string, string, bool)"/> without
/// overwriting does that on Windows; elsewhere it looks first and renames then, so that of two at once both win.
/// </summary>
internal static class ExclusiveRename
{
    /// <summary>Publishes the file, or leaves the one that is there already. The temporary name may remain.</summary>
    public static void Publish(string temporary, string path)
    {
        try
        {
            if (OperatingSystem.IsWindows())
                File.Move(temporary, path, overwrite: false);
            else if (Link(CString(temporary), CString(path)) != 0 && !File.Exists(path))
                Copy(temporary, path);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process was first: its file is the one that counts.
        }
    }

    // For file systems without hard links. Also exclusive, but a reader at this very moment could see half a file, and would refuse to start.
    private static void Copy(string temporary, string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = File.GetUnixFileMode(temporary);
        using var target = new FileStream(path, options);
        target.Write(File.ReadAllBytes(temporary));
        target.Flush(flushToDisk: true);
    }

    // link(2) fails if the new name exists, whoever made it. C strings, so that nothing has to be marshalled.
    [DllImport("libc", EntryPoint = "link", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Link(byte[] from, byte[] to);

    private static byte[] CString(string path) => Encoding.UTF8.GetBytes(path + '\0');
}
