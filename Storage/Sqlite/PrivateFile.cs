namespace ChitChatz.Storage.Sqlite;

/// <summary>Files that hold what people wrote to each other: for the server's user alone, whatever the umask.</summary>
internal static class PrivateFile
{
    /// <summary>Opens exclusively; a new file is readable and writable by its owner only.</summary>
    public static FileStreamOptions Options(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }

    /// <summary>Makes an empty file, which is a valid empty database; SQLite gives its other files the same rights.</summary>
    /// <returns>False when the file is there already.</returns>
    public static bool TryCreate(string path)
    {
        if (File.Exists(path))
            return false;
        new FileStream(path, Options(FileMode.CreateNew)).Dispose();
        return true;
    }
}
