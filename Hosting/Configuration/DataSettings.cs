namespace ChitChatz.Hosting.Configuration;

/// <summary>Where the service keeps its files.</summary>
public sealed class DataSettings : ISettings
{
    /// <inheritdoc />
    public static string Section => "Data";

    /// <summary>
    /// The folder of the database and of the key. Default: <c>chitchatz</c> in the user's local application data
    /// (<c>~/.local/share/chitchatz</c> on Linux). A relative path, too, is taken from that place, and a leading <c>~/</c> from the
    /// user's home: a folder that moved with the working directory would look like an empty service.
    /// </summary>
    public string? Folder { get; set; }

    /// <inheritdoc />
    public IEnumerable<string> Failures()
    {
        if (Folder is not null && Folder.Contains('\0', StringComparison.Ordinal))
            yield return "Data:Folder must be a path; it has a NUL character in it.";
    }
}
