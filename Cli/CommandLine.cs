using ChitChatz.Cli.Commands;
using ChitChatz.Cli.Text;
using ChitChatz.Client;
using Spectre.Console.Cli;

namespace ChitChatz.Cli;

/// <summary>The commands, and what becomes of their failures.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(IEnumerable<string> args, CancellationToken cancellationToken)
    {
        // The library would take what stands behind "--" for options, and leave out what looks like some.
        string[] own = [.. args.TakeWhile(static arg => arg != "--")];
        string[]? literal = args.Contains("--") ? [.. args.Skip(own.Length + 1)] : null;
        var problem = literal switch
        {
            null => null,
            _ when own is not ["send", ..] => "Only send has a text behind --.",
            [] => "There is no text behind --.",
            _ => null,
        };
        if (problem is not null)
        {
            Notices.Write($"{problem} (chitchatz --help)");
            return ExitCodes.Usage;
        }

        // What sends goes on sending when nobody reads what it prints.
        if (own is not ["send", ..])
            StandardOutput.NoticeItsEnd();
        CommandApp app = new();
        app.Configure(config =>
        {
            config.SetApplicationName("chitchatz");
            config.SetApplicationVersion(typeof(CommandLine).Assembly.GetName().Version!.ToString(3));
            config.UseStrictParsing();
            config.CancellationExitCode(ExitCodes.Interrupted);
            config.SetExceptionHandler(static (exception, _) => Report(exception));
            config.AddCommand<ChatCommand>("chat")
                .WithDescription("Chat in a room: a full screen in a terminal, lines in a pipe")
                .WithExample("chat", "lobby", "--name", "ann");
            var send = config.AddCommand<SendCommand>("send")
                .WithDescription("Send a text, or each line of standard input, and end when all are stored")
                .WithExample("send", "lobby", "hello")
                .WithExample("send", "lobby", "--", "--json is a text too");
            if (literal is not null)
                send.WithData(string.Join(' ', literal));
            config.AddCommand<TailCommand>("tail")
                .WithDescription("Print a room's messages as they come, none missing and none twice")
                .WithExample("tail", "lobby", "--last", "10")
                .WithExample("tail", "lobby", "--json", "--after", "1795536635264:15");
            config.AddCommand<RoomsCommand>("rooms")
                .WithDescription("List the rooms that somebody is in")
                .WithExample("rooms", "--server", "wss://chat.example");
            config.AddCommand<HistoryCommand>("history")
                .WithDescription("Print a room's newest messages")
                .WithExample("history", "lobby", "--limit", "200", "--json");
        });
        return await app.RunAsync(own, cancellationToken);
    }

    private static int Report(Exception exception)
    {
        var (code, text) = exception switch
        {
            OperationCanceledException => (ExitCodes.Interrupted, null),
            ChatException { Failure: ChatFailure.Unreachable } failure => (ExitCodes.Unreachable, failure.Message),
            ChatException { Failure: ChatFailure.OutcomeUnknown } => (ExitCodes.Refused, "The connection ended before the answer came. The message may or may not be in the room."),
            ChatException failure => (ExitCodes.Refused, failure.Message),
            CommandAppException or ArgumentException => (ExitCodes.Usage, $"{Notices.Words(exception)} (chitchatz --help)"),
            IOException failure when StandardOutput.IsReadNoMore(failure) => (ExitCodes.Ok, null),
            IOException failure => (ExitCodes.InputOutput, failure.Message),
            _ => (ExitCodes.Refused, exception.ToString()),
        };
        if (text is not null)
            Notices.Write(text);
        return code;
    }
}
