using System.ComponentModel;
using System.Globalization;
using ChitChatz.Client;
using Spectre.Console;
using Spectre.Console.Cli;

namespace ChitChatz.Cli.Commands;

/// <summary>Sends a text, or the lines of standard input.</summary>
internal sealed class SendCommand : AsyncCommand<SendCommand.Settings>
{
    /// <summary>Lines that are on their way at once.</summary>
    private const int Window = 64;

    public override async Task<int> ExecuteAsync(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        // A text that begins with a dash stands behind "--".
        var text = settings.Text ?? (context.Remaining.Raw.Count > 0 ? string.Join(' ', context.Remaining.Raw) : null);
        await using var client = settings.CreateClient();
        await using var room = await client.JoinAsync(settings.Room, cancellationToken: cancellationToken);
        if (text is not null)
            Print(await room.SendAsync(text, settings.Id, cancellationToken), settings);
        else
            await SendLinesAsync(room, settings, cancellationToken);
        return ExitCodes.Ok;
    }

    private static async Task SendLinesAsync(ChatRoom room, Settings settings, CancellationToken cancellationToken)
    {
        using var input = StandardInput.Open();
        Queue<Task<ChatReceipt>> sending = [];
        while (await StandardInput.ReadLineAsync(input, cancellationToken) is { } line)
        {
            if (line.Length == 0)
                continue;
            if (sending.Count == Window)
                Print(await sending.Dequeue(), settings);
            sending.Enqueue(room.SendAsync(line, cancellationToken: cancellationToken));
        }

        foreach (var send in sending)
            Print(await send, settings);
    }

    private static void Print(ChatReceipt receipt, Settings settings)
    {
        if (settings.Json)
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $$"""{"position":"{{receipt.Position}}","epoch":{{receipt.Position.Epoch}},"seq":{{receipt.Position.Seq}},"at":"{{receipt.At.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ}}","duplicate":{{(receipt.IsDuplicate ? "true" : "false")}}}"""));
    }

    internal sealed class Settings : RoomSettings
    {
        [CommandArgument(1, "[TEXT]")]
        [Description("The text. Without it each line of standard input is one; empty ones are left out. Behind -- where it begins with a dash")]
        public string? Text { get; init; }

        [CommandOption("--id <ID>")]
        [Description("The message's id, 1 to 64 printable ASCII characters. Only for one text. The same person's same id is stored once")]
        public string? Id { get; init; }

        [CommandOption("--json")]
        [Description("Print where each message stands, as one JSON object a line")]
        public bool Json { get; init; }

        public override ValidationResult Validate() =>
            Text is { Length: 0 } ? ValidationResult.Error("The text is empty.") : base.Validate();
    }
}
