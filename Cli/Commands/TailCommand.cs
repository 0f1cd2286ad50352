using System.ComponentModel;
using ChitChatz.Cli.Text;
using ChitChatz.Client;
using Spectre.Console;
using Spectre.Console.Cli;

namespace ChitChatz.Cli.Commands;

/// <summary>Prints messages as they come.</summary>
internal sealed class TailCommand : AsyncCommand<TailCommand.Settings>
{
    public override async Task<int> ExecuteAsync(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        await using var client = settings.CreateClient();
        Notices.Follow(client);
        try
        {
            ChatPosition? after = settings.After is null ? null : settings.Position;
            await using var room = await client.JoinAsync(settings.Room, after, cancellationToken);
            var left = settings.Count;
            foreach (var message in await RecentMessages.ReadAsync(room, settings.Last, cancellationToken))
            {
                MessageLine.Write(Console.Out, message, settings.Json);
                if (--left == 0)
                    return ExitCodes.Ok;
            }

            await foreach (var message in room.ReadMessagesAsync(cancellationToken))
            {
                MessageLine.Write(Console.Out, message, settings.Json);
                if (--left == 0)
                    return ExitCodes.Ok;
            }
        }
        catch (OperationCanceledException)
        {
            // This is how one ends it.
        }

        return ExitCodes.Ok;
    }

    internal sealed class Settings : RoomSettings
    {
        private ChatPosition _position;

        [CommandOption("--json")]
        [Description("One JSON object a line, in ASCII")]
        public bool Json { get; init; }

        [CommandOption("--last <COUNT>")]
        [Description("Begin with so many of the room's newest messages, up to 1,000")]
        [DefaultValue(0)]
        public int Last { get; init; }

        [CommandOption("--after <POSITION>")]
        [Description("Begin after this message: its \"position\" in the JSON")]
        public string? After { get; init; }

        [CommandOption("--count <COUNT>")]
        [Description("End after so many messages. Without it, only at Ctrl-C")]
        public int Count { get; init; }

        public ChatPosition Position => _position;

        public override ValidationResult Validate() => this switch
        {
            { Last: < 0 or > RecentMessages.Most } => ValidationResult.Error($"--last must be from 0 to {RecentMessages.Most}."),
            { Last: > 0, After: not null } => ValidationResult.Error("--last and --after exclude each other."),
            { Count: < 0 } => ValidationResult.Error("--count must not be negative."),
            { After: { } after } when !ChatPosition.TryParse(after, out _position) => ValidationResult.Error($"'{after}' is not a position such as 1795536635264:15."),
            _ => base.Validate(),
        };
    }
}
