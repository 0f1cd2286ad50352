using System.Globalization;
using ChitChatz.Cli.Screen;
using ChitChatz.Cli.Text;
using ChitChatz.Client;
using Spectre.Console;
using Spectre.Console.Cli;

namespace ChitChatz.Cli.Commands;

/// <summary>Chats: on the whole screen of a terminal, or line by line where standard input or output is none.</summary>
internal sealed class ChatCommand : AsyncCommand<RoomSettings>
{
    private const int Recent = 50;

    public override async Task<int> ExecuteAsync(CommandContext context, RoomSettings settings, CancellationToken cancellationToken)
    {
        await using var client = settings.CreateClient();
        ChatScreen? screen = Console.IsInputRedirected || Console.IsOutputRedirected ? null : new(AnsiConsole.Console, client, settings.Room);
        try
        {
            await (screen is null ? ChatInLinesAsync(client, settings.Room, cancellationToken) : screen.RunAsync(cancellationToken));
        }
        catch (OperationCanceledException interruption)
        {
            // This is how one ends it.
            if (interruption is UnsentException unsent)
            {
                Notices.Write(unsent.Message);
                return ExitCodes.Refused;
            }
        }

        if (screen is not { GivenUp: > 0 and var givenUp })
            return ExitCodes.Ok;
        Notices.Write(string.Create(CultureInfo.InvariantCulture, $"Of what was entered, {givenUp} may not have been sent."));
        return ExitCodes.Refused;
    }

    private static async Task ChatInLinesAsync(ChatClient client, string asked, CancellationToken cancellationToken)
    {
        await using var room = await client.JoinAsync(asked, cancellationToken: cancellationToken);
        Notices.Follow(client);
        foreach (var message in await RecentMessages.ReadAsync(room, Recent, cancellationToken))
            MessageLine.Write(Console.Out, message, json: false);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var printing = PrintAsync(room, over.Token);
        var sending = SendLinesAsync(room, over.Token);
        await (await Task.WhenAny(printing, sending));
        await over.CancelAsync();
        await Task.WhenAll(printing, sending);
    }

    private static async Task PrintAsync(ChatRoom room, CancellationToken cancellationToken)
    {
        await foreach (var message in room.ReadMessagesAsync(cancellationToken))
            MessageLine.Write(Console.Out, message, json: false);
    }

    /// <summary>Ends with the input, or at <c>/quit</c> as on a screen.</summary>
    private static async Task SendLinesAsync(ChatRoom room, CancellationToken cancellationToken)
    {
        using var input = StandardInput.Open();
        while (await StandardInput.ReadLineAsync(input, cancellationToken) is { } line and not ChatScreen.Quit)
        {
            if (line.Length == 0)
                continue;
            try
            {
                await room.SendAsync(line, cancellationToken: cancellationToken);
            }
            catch (Exception refusal) when (refusal is ArgumentException or ChatException { Failure: ChatFailure.Refused })
            {
                Notices.Write(Notices.Words(refusal));
            }
            catch (OperationCanceledException)
            {
                throw new UnsentException(line);
            }
        }
    }

    /// <summary>It was ended while a line was on its way.</summary>
    private sealed class UnsentException(string line) : OperationCanceledException($"This may not have been sent: {line}");
}
