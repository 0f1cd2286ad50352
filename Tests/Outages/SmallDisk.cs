using System.Diagnostics;

namespace ChitChatz.Tests.Outages;

/// <summary>A file system of a few megabytes that a test fills, or makes read-only. Needs root; elsewhere the test is skipped.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly string _ballast;

    private SmallDisk(string path)
    {
        Path = path;
        _ballast = System.IO.Path.Combine(path, "ballast");
    }

    public string Path { get; }

    public static async Task<SmallDisk> MountAsync(int megabytes)
    {
        string path = Directory.CreateTempSubdirectory("chitchatz-disk-").FullName;
        if (!Environment.IsPrivilegedProcess || await RunAsync("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "none", path) != 0)
        {
            Directory.Delete(path);
            Assert.Skip("A small file system cannot be mounted here: that needs root, and the right to mount.");
        }

        return new SmallDisk(path);
    }

    /// <summary>Leaves no byte free.</summary>
    public void Fill()
    {
        using FileStream ballast = File.Create(_ballast);
        byte[] block = new byte[4_096];
        try
        {
            while (true)
            {
                ballast.Write(block);
                ballast.Flush();
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }

    /// <summary>Gives the room back.</summary>
    public void Clear() => File.Delete(_ballast);

    public async Task SetReadOnlyAsync(bool value)
        => Assert.Equal(0, await RunAsync("mount", "-o", value ? "remount,ro" : "remount,rw", Path));

    public async ValueTask DisposeAsync()
    {
        await RunAsync("umount", "-l", Path);
        Directory.Delete(Path);
    }

    private static async Task<int> RunAsync(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
