using System.ComponentModel;
using System.Text.Json;
using ChitChatz.Cli.Text;
using Spectre.Console.Cli;

namespace ChitChatz.Cli.Commands;

/// <summary>Lists the rooms.</summary>
internal sealed class RoomsCommand : AsyncCommand<RoomsCommand.Settings>
{
    public override async Task<int> ExecuteAsync(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        await using var client = settings.CreateClient();
        Notices.Follow(client);
        var rooms = await client.GetRoomsAsync(cancellationToken);
        foreach (var room in rooms)
            Console.Out.WriteLine(settings.Json ? $"\"{JsonEncodedText.Encode(room)}\"" : TerminalText.OneLine(room));
        if (rooms.Count == 0)
            Notices.Write("Nobody is in any room.");
        return ExitCodes.Ok;
    }

    internal sealed class Settings : ServerSettings
    {
        [CommandOption("--json")]
        [Description("One JSON string a line")]
        public bool Json { get; init; }
    }
}
