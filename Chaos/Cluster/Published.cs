using ChitChatz.Chaos.Processes;

namespace ChitChatz.Chaos.Cluster;

/// <summary>Where the binaries lie: a folder with Silo/, Gateway/ and Standalone/, as <c>.ci/run</c> publishes them.</summary>
internal static class Published
{
    private static readonly string[] s_programs = ["Silo", "Gateway", "Standalone"];

    /// <summary>The folder to use when none is named.</summary>
    public static string Default => Path.Combine(Repository.FoundRoot ?? Directory.GetCurrentDirectory(), "artifacts", "publish");

    /// <summary>What is wrong with a folder, for people; null when it can be used.</summary>
    public static string? Check(string folder)
    {
        var missing = s_programs.Select(program => Path.Combine(folder, program, $"ChitChatz.{program}.dll")).FirstOrDefault(static file => !File.Exists(file));
        return missing is null
            ? null
            : $"{missing} does not exist. Publish first: for p in {string.Join(' ', s_programs)}; do dotnet publish $p -c Release -r linux-x64 -o artifacts/publish/$p; done; or say --published <folder>.";
    }
}
