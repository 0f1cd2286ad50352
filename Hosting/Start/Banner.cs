using System.Reflection;
using Microsoft.Extensions.Logging;

namespace ChitChatz.Hosting.Start;

/// <summary>The last lines of a start: what runs, where its files are, where it listens.</summary>
internal static partial class Banner
{
    /// <summary>The version as built, without the commit that the SDK appends.</summary>
    public static string Version { get; } =
        typeof(Banner).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";

    public static void Show(ILogger logger, string process, string dataFolder, IReadOnlyCollection<string> addresses)
    {
        Runs(logger, process, Version);
        Keeps(logger, dataFolder);
        foreach (var address in addresses)
            Listens(logger, address);
    }

    [LoggerMessage(4, LogLevel.Warning, "The process has not stopped in order within {Seconds} s, and ends now")]
    public static partial void LeftBehind(ILogger logger, int seconds);

    [LoggerMessage(1, LogLevel.Information, "{Process} {Version}")]
    private static partial void Runs(ILogger logger, string process, string version);

    [LoggerMessage(2, LogLevel.Information, "Data folder {Folder}")]
    private static partial void Keeps(ILogger logger, string folder);

    [LoggerMessage(3, LogLevel.Information, "Ready on {Address}")]
    private static partial void Listens(ILogger logger, string address);
}
