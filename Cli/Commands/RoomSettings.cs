using System.ComponentModel;
using Spectre.Console.Cli;

namespace ChitChatz.Cli.Commands;

/// <summary>The options of the commands that are about a room.</summary>
internal class RoomSettings : ServerSettings
{
    [CommandArgument(0, "<ROOM>")]
    [Description("The room's name. Joining a room that nobody is in makes it")]
    public required string Room { get; init; }
}
