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
        foreach (var room in await client.GetRoomsAsync(cancellationToken))
            Console.Out.WriteLine(settings.Json ? $"\"{JsonEncodedText.Encode(room)}\"" : TerminalText.OneLine(room));
        return ExitCodes.Ok;
    }

    internal sealed class Settings : ServerSettings
    {
        [CommandOption("--json")]
        [Description("One JSON string a line")]
        public bool Json { get; init; }
    }
}
