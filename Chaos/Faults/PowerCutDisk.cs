using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ChitChatz.Chaos.Faults;

/// <summary>
/// A disk of its own, an ext4 image on a loop device, whose power can be cut: from one moment on nothing more gets onto it, and what the
/// file system had only in memory is gone. What was on the image before stays: the machine's own disk goes on. Needs root and loop devices.
/// </summary>
public sealed partial class PowerCutDisk : IAsyncDisposable
{
    // linux/ext4.h: _IOR('X', 125, __u32), and: do not even write the journal out.
    private const nuint ShutDown = 0x8004587D;
    private const uint NoLogFlush = 2;

    private readonly string _folder = Directory.CreateTempSubdirectory("chitchatz-disk-").FullName;

    private PowerCutDisk()
    {
    }

    /// <summary>Where it is mounted.</summary>
    public string Path => System.IO.Path.Combine(_folder, "mounted");

    private string Image => System.IO.Path.Combine(_folder, "image");

    /// <summary>A new, mounted one; null with a reason where there can be none.</summary>
    public static async Task<(PowerCutDisk? Disk, string? Reason)> TryMountNewAsync(int megabytes)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            return (null, "an image can be mounted by root only, on Linux");

        var disk = new PowerCutDisk();
        try
        {
            Directory.CreateDirectory(disk.Path);

            // PostgreSQL has another user.
            File.SetUnixFileMode(disk._folder, (UnixFileMode)0b111_101_101);
            using (var image = File.Create(disk.Image))
                image.SetLength(megabytes * 1024L * 1024);
            await RunAsync("mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=0,lazy_journal_init=0", disk.Image);
            await disk.MountAsync();
            return (disk, null);
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception)
        {
            await disk.DisposeAsync();
            return (null, exception.Message);
        }
    }

    /// <summary>Cuts the power. Whoever writes gets errors from now on.</summary>
    public void Cut()
    {
        using var root = Open(Path, 0x10000 /* O_RDONLY | O_DIRECTORY */);
        var flags = NoLogFlush;
        if (root.IsInvalid || Control(root, ShutDown, ref flags) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"shut down {Path}");
    }

    /// <summary>Power again; once nobody has a file open. The file system replays its journal.</summary>
    public async Task RestoreAsync()
    {
        await RunAsync("umount", Path);
        await MountAsync();
    }

    public async ValueTask DisposeAsync()
    {
        using (var mounted = Process.Start(new ProcessStartInfo("umount", ["-l", Path]) { RedirectStandardError = true })!)
            await mounted.WaitForExitAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private Task MountAsync() => RunAsync("mount", "-o", "loop", Image, Path);

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {error.Trim()}");
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(SafeFileHandle file, nuint request, ref uint argument);
}
