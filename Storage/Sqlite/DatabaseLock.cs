namespace ChitChatz.Storage.Sqlite;

/// <summary>
/// Holds <c>{database}.lock</c> exclusively for the life of the log. Two silos on one file would each believe that they alone write it.
/// The operating system lets go of it when the process dies, however it dies; the file itself stays, since deleting it would race with the next holder.
/// </summary>
internal sealed class DatabaseLock : IDisposable
{
    private readonly FileStream _file;

    private DatabaseLock(FileStream file) => _file = file;

    public static DatabaseLock Take(string path)
    {
        try
        {
            return new DatabaseLock(new FileStream(path + ".lock", PrivateFile.Options(FileMode.OpenOrCreate)));
        }
        catch (DirectoryNotFoundException error)
        {
            throw CannotOpen(error);
        }
        catch (UnauthorizedAccessException error)
        {
            throw CannotOpen(error);
        }
        catch (IOException error) when (IsHeld(error))
        {
            throw new LogUnavailableException(
                $"The database {path} is in use by another process. Each server needs a data folder of its own: stop the other one, or set Data:Folder.",
                outcomeUnclear: false, error);
        }
        catch (IOException error)
        {
            throw CannotOpen(error);
        }

        LogUnavailableException CannotOpen(Exception error) =>
            new($"The lock file {path}.lock cannot be opened ({error.Message}). Make its folder writable, or set Data:Folder.", outcomeUnclear: false, error);
    }

    public void Dispose() => _file.Dispose();

    // ERROR_SHARING_VIOLATION on Windows; EWOULDBLOCK of flock(2) on Linux (11) and macOS (35).
    private static bool IsHeld(IOException error) => error.HResult is unchecked((int)0x80070020) or 11 or 35;
}
