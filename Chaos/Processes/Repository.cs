namespace ChitChatz.Chaos.Processes;

/// <summary>The repository that this program was built in.</summary>
public static class Repository
{
    /// <summary>Its root; null when the program lies elsewhere.</summary>
    public static string? FoundRoot { get; } = Find();

    /// <summary>Its root, for programs that are of no use elsewhere.</summary>
    /// <exception cref="InvalidOperationException">The program lies elsewhere.</exception>
    public static string Root => FoundRoot ?? throw new InvalidOperationException($"{AppContext.BaseDirectory} is not within the repository.");

    private static string? Find()
    {
        var folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "ChitChatz.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder;
    }
}
