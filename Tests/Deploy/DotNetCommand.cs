using System.Diagnostics;
using ChitChatz.Tests.Docs;

namespace ChitChatz.Tests.Deploy;

/// <summary>The SDK's command, run in the repository's folder with what this build left there.</summary>
internal static class DotNetCommand
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    /// <summary>The configuration that this test was built in; its projects lie ready in the same one.</summary>
    public static string Configuration { get; } =
        AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Release" : "Debug";

    /// <summary>Runs it, and gives what it wrote; fails with that when it failed.</summary>
    public static Task<string> RunAsync(IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null) =>
        RunProgramAsync("dotnet", arguments, environment);

    /// <summary>Runs another program in the same way, such as one that was just installed.</summary>
    public static async Task<string> RunProgramAsync(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Document.Root };
        // Nodes that stay would outlive the test, with its environment.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        try
        {
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(s_patience, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"'{program} {string.Join(' ', start.ArgumentList)}' has not ended within {s_patience}.");
        }

        Assert.True(process.ExitCode == 0, $"'{program} {string.Join(' ', start.ArgumentList)}' ended with {process.ExitCode}:\n{await output}\n{await errors}");
        return await output;
    }
}
