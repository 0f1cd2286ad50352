namespace ChitChatz.Cli;

/// <summary>Lines of standard input.</summary>
internal static class StandardInput
{
    public static StreamReader Open() => new(Console.OpenStandardInput());

    /// <summary>The next line; null at the end. A cancelled read goes on behind our back, and ends with the process.</summary>
    public static async Task<string?> ReadLineAsync(StreamReader input, CancellationToken cancellationToken) =>
        await Task.Run(input.ReadLine, cancellationToken).WaitAsync(cancellationToken);
}
