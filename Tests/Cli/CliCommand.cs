using System.Diagnostics;
using ChitChatz.Tests.Support;

namespace ChitChatz.Tests.Cli;

/// <summary>What a run of the command line left.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">Its standard output, by lines.</param>
/// <param name="Errors">Its standard error.</param>
internal sealed record CliResult(int ExitCode, string[] Output, string Errors);

/// <summary>Runs the command line as a process, with a pipe at each end.</summary>
internal static class CliCommand
{
    private static readonly string s_program = Path.Combine(AppContext.BaseDirectory, "ChitChatz.Cli.dll");

    public static Task<CliResult> RunAsync(params string[] args) => RunWithInputAsync("", args);

    public static Task<CliResult> RunWithInputAsync(string input, params string[] args) => RunProcessAsync(input, "dotnet", [s_program, .. args]);

    /// <summary>Runs it in a line of bash, in which it is <c>"$@"</c>.</summary>
    public static Task<CliResult> RunInShellAsync(string line, params string[] args) => RunProcessAsync("", "bash", ["-c", line, "bash", "dotnet", s_program, .. args]);

    private static async Task<CliResult> RunProcessAsync(string input, string program, string[] args)
    {
        ProcessStartInfo start = new(program, args)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("CHITCHATZ_SERVER");
        start.Environment.Remove("CHITCHATZ_NAME");
        using Process process = Process.Start(start)!;
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await Deadline.Within(process.WaitForExitAsync(TestContext.Current.CancellationToken), $"the end of '{string.Join(' ', args)}'");
            return new CliResult(process.ExitCode, (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries), await errors);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
