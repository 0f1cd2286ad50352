using System.ComponentModel;
using System.Globalization;
using System.Threading.Channels;
using ChitChatz.Cli.Text;
using ChitChatz.Client;
using Spectre.Console.Cli;

namespace ChitChatz.Cli.Commands;

/// <summary>Sends a text, or the lines of standard input.</summary>
internal sealed class SendCommand : AsyncCommand<SendCommand.Settings>
{
    /// <summary>Lines that are on their way at once.</summary>
    private const int Window = 64;

    public override async Task<int> ExecuteAsync(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        if (settings.Text is not null && context.Data is not null)
            throw new ArgumentException("The text stands before -- or behind it, not both.");
        var text = settings.Text ?? (string?)context.Data;
        if (text is { Length: 0 })
            throw new ArgumentException("The text is empty.");
        await using var client = settings.CreateClient();
        Notices.Follow(client);
        await using var room = await client.JoinAsync(settings.Room, cancellationToken: cancellationToken);
        if (text is null)
            return await SendLinesAsync(room, settings, cancellationToken) ? ExitCodes.Ok : ExitCodes.Refused;
        Print(await room.SendAsync(text, cancellationToken: cancellationToken), settings);
        return ExitCodes.Ok;
    }

    /// <summary>Whether all were taken. One that is refused is named, and the others go on.</summary>
    private static async Task<bool> SendLinesAsync(ChatRoom room, Settings settings, CancellationToken cancellationToken)
    {
        var sending = Channel.CreateBounded<(int Line, Task<ChatReceipt> Sent)>(Window);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _ = ReadLinesAsync(room, sending.Writer, over.Token);
        try
        {
            return await PrintAsync(sending.Reader, settings);
        }
        finally
        {
            // When nothing more can be sent, what is still to be read comes too late.
            await over.CancelAsync();
        }
    }

    /// <summary>Never fails: what ends it early is told to who reads the channel, behind all that was sent.</summary>
    private static async Task ReadLinesAsync(ChatRoom room, ChannelWriter<(int Line, Task<ChatReceipt> Sent)> sending, CancellationToken cancellationToken)
    {
        try
        {
            using var input = StandardInput.Open();
            for (var number = 1; await StandardInput.ReadLineAsync(input, cancellationToken) is { } line; number++)
            {
                if (line.Length > 0)
                    await sending.WriteAsync((number, room.SendAsync(line, cancellationToken: cancellationToken)), cancellationToken);
            }

            sending.Complete();
        }
#pragma warning disable CA1031 // Whatever it is, it is told at the other end.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            sending.Complete(failure);
        }
    }

    /// <summary>What became of each, as soon as that is known.</summary>
    private static async Task<bool> PrintAsync(ChannelReader<(int Line, Task<ChatReceipt> Sent)> sending, Settings settings)
    {
        var all = true;
        await foreach (var send in sending.ReadAllAsync())
            all &= await TryPrintAsync(send, settings);
        return all;
    }

    private static async Task<bool> TryPrintAsync((int Line, Task<ChatReceipt> Sent) send, Settings settings)
    {
        try
        {
            Print(await send.Sent, settings);
            return true;
        }
        catch (Exception refusal) when (refusal is ArgumentException or ChatException { Failure: ChatFailure.Refused })
        {
            Notices.Write(string.Create(CultureInfo.InvariantCulture, $"Line {send.Line}: {Notices.Words(refusal)}"));
            return false;
        }
        catch (Exception failure) when (failure is ChatException or OperationCanceledException)
        {
            Notices.Write(string.Create(CultureInfo.InvariantCulture, $"Line {send.Line} is the first of which it is not known that it was stored."));
            throw;
        }
    }

    private static void Print(ChatReceipt receipt, Settings settings)
    {
        if (settings.Json)
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $$"""{"position":"{{receipt.Position}}","epoch":{{receipt.Position.Epoch}},"seq":{{receipt.Position.Seq}},"at":"{{receipt.At.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ}}","duplicate":{{(receipt.IsDuplicate ? "true" : "false")}}}"""));
    }

    internal sealed class Settings : RoomSettings
    {
        [CommandArgument(1, "[TEXT]")]
        [Description("The text. Without it each line of standard input is one; empty ones are left out. What stands behind -- is taken as it is")]
        public string? Text { get; init; }

        [CommandOption("--json")]
        [Description("Print where each message stands, as one JSON object a line")]
        public bool Json { get; init; }
    }
}
