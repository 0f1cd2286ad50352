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
        var unsent = Console.IsInputRedirected || Console.IsOutputRedirected
            ? await ChatInLinesAsync(client, settings.Room, cancellationToken)
            : await ChatOnScreenAsync(client, settings.Room, cancellationToken);
        if (unsent == 0)
            return ExitCodes.Ok;
        Notices.Write(string.Create(CultureInfo.InvariantCulture, $"Of what was entered, {unsent} may not have been sent."));
        return ExitCodes.Refused;
    }

    /// <summary>How many texts may not have been sent when it ended.</summary>
    private static async Task<int> ChatOnScreenAsync(ChatClient client, string asked, CancellationToken cancellationToken)
    {
        ChatScreen screen = new(AnsiConsole.Console, client, asked);
        try
        {
            await screen.RunAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // This is how one ends it.
        }

        return screen.GivenUp;
    }

    /// <inheritdoc cref="ChatOnScreenAsync"/>
    private static async Task<int> ChatInLinesAsync(ChatClient client, string asked, CancellationToken cancellationToken)
    {
        try
        {
            await using var room = await client.JoinAsync(asked, cancellationToken: cancellationToken);
            Notices.Follow(client);
            foreach (var message in await RecentMessages.ReadAsync(room, Recent, cancellationToken))
                MessageLine.Write(Console.Out, message, json: false);
            using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var printing = PrintAsync(room, over.Token);
            var sending = SendLinesAsync(room, over.Token);
            await Task.WhenAny(printing, sending);
            await over.CancelAsync();
            await Task.WhenAll(printing, sending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (printing.IsFaulted)
                await printing;
            return await sending;
        }
        catch (OperationCanceledException)
        {
            // This is how one ends it.
            return 0;
        }
    }

    private static async Task PrintAsync(ChatRoom room, CancellationToken cancellationToken)
    {
        await foreach (var message in room.ReadMessagesAsync(cancellationToken))
            MessageLine.Write(Console.Out, message, json: false);
    }

    /// <summary>Ends with the input, or at <c>/quit</c> as on a screen; how many lines were on their way when it was ended.</summary>
    private static async Task<int> SendLinesAsync(ChatRoom room, CancellationToken cancellationToken)
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
                return 1;
            }
        }

        return 0;
    }
}
