using ChitChatz.Hosting.Start;
using Microsoft.Extensions.Options;

namespace ChitChatz.Hosting.Configuration;

/// <summary>The folder of <see cref="DataSettings"/>; made when something is first kept in it.</summary>
public sealed class DataFolder(IOptions<DataSettings> settings)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private readonly Lock _making = new();
    private bool _made;

    /// <summary>The full path. The folder may not exist yet.</summary>
    public string Path { get; } = Resolve(settings.Value.Folder);

    /// <summary>The full path of a file in the folder, which exists and can be written once this has returned.</summary>
    /// <exception cref="StartupException">The folder cannot be made or written.</exception>
    public string File(string name) => System.IO.Path.Combine(Ensure(), name);

    /// <summary>Makes the folder if there is none yet, readable by its owner alone; returns its path.</summary>
    /// <exception cref="StartupException">The folder cannot be made or written.</exception>
    public string Ensure()
    {
        lock (_making)
        {
            if (!_made)
                Make();
            _made = true;
        }

        return Path;
    }

    internal static string Resolve(string? folder)
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);
        var local = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        if (string.IsNullOrWhiteSpace(folder))
            folder = "chitchatz";
        if (folder == "~" || folder.StartsWith("~/", StringComparison.Ordinal))
            folder = System.IO.Path.Join(home, folder[1..]);
        if (System.IO.Path.IsPathFullyQualified(folder))
            return System.IO.Path.GetFullPath(folder);

        // A service user may have no home; then nothing is left to start from, and only a full path will do.
        if (!System.IO.Path.IsPathFullyQualified(local))
            throw new StartupException("Data:Folder must be given as a full path, for example --Data:Folder=/var/lib/chitchatz: this user has no home folder.");
        return System.IO.Path.GetFullPath(folder, local);
    }

    private void Make()
    {
        try
        {
            // Only what is made here gets its mode: an operator's own folder keeps what the operator gave it.
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(Path);
            else
                Directory.CreateDirectory(Path, OwnerOnly);

            // Rights, read-only mounts and full disks all show when a file is written, and nowhere so surely.
            var probe = System.IO.Path.Combine(Path, $".probe-{Guid.NewGuid():N}");
            using (new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose))
            {
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartupException(
                $"Data:Folder is {Path}, and that cannot be written: {exception.Message.TrimEnd('.')}. Name a folder that this user may write, for example --Data:Folder=/var/lib/chitchatz.",
                exception);
        }
    }
}
