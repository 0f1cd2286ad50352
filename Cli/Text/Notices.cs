using ChitChatz.Client;

namespace ChitChatz.Cli.Text;

/// <summary>What is said beside the output, on standard error.</summary>
internal static class Notices
{
    public static void Write(string text) => Console.Error.WriteLine($"chitchatz: {TerminalText.OneLine(text)}");

    /// <summary>What a failure says to people: without the name of the parameter that .NET puts behind it.</summary>
    public static string Words(Exception failure) => failure is ArgumentException { ParamName: { } parameter }
        ? failure.Message.Replace($" (Parameter '{parameter}')", "", StringComparison.Ordinal)
        : failure.Message;

    /// <summary>Tells when the connection goes and when it is back.</summary>
    public static void Follow(ChatClient client)
    {
        var lost = false;
        client.StateChanged += (_, change) =>
        {
            if (change.State == ChatState.Reconnecting && !lost)
                Write($"{change.Reason?.Message} Trying again.");
            else if (change.State == ChatState.Connected && lost)
                Write("Connected again.");
            lost = change.State == ChatState.Reconnecting;
        };
    }
}
