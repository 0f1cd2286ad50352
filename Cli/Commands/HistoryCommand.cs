using System.ComponentModel;
using ChitChatz.Cli.Text;
using Spectre.Console;
using Spectre.Console.Cli;

namespace ChitChatz.Cli.Commands;

/// <summary>Prints what was said.</summary>
internal sealed class HistoryCommand : AsyncCommand<HistoryCommand.Settings>
{
    public override async Task<int> ExecuteAsync(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        await using var client = settings.CreateClient();
        Notices.Follow(client);
        await using var room = await client.JoinAsync(settings.Room, cancellationToken: cancellationToken);
        var messages = await RecentMessages.ReadAsync(room, settings.Limit, cancellationToken);
        foreach (var message in messages)
            MessageLine.Write(Console.Out, message, settings.Json);
        // Of a room that nobody was ever in the server knows no more than of an empty one: joining it made it.
        if (messages.Count == 0)
            Notices.Write(room.Head.Seq == 0 ? $"Nobody has said anything in '{room.Name}' yet." : $"What was said in '{room.Name}' is kept no more.");
        return ExitCodes.Ok;
    }

    internal sealed class Settings : RoomSettings
    {
        [CommandOption("-l|--limit <COUNT>")]
        [Description("How many messages, up to 1,000")]
        [DefaultValue(50)]
        public int Limit { get; init; } = 50;

        [CommandOption("--json")]
        [Description("One JSON object a line, in ASCII")]
        public bool Json { get; init; }

        public override ValidationResult Validate() =>
            Limit is < 1 or > RecentMessages.Most ? ValidationResult.Error($"--limit must be from 1 to {RecentMessages.Most}.") : base.Validate();
    }
}
