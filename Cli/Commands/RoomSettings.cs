using System.ComponentModel;
using Spectre.Console;
using Spectre.Console.Cli;

namespace ChitChatz.Cli.Commands;

/// <summary>The options of the commands that are about a room.</summary>
internal class RoomSettings : ServerSettings
{
    [CommandArgument(0, "<ROOM>")]
    [Description("The room's name. Joining a room that nobody is in makes it")]
    public required string Room { get; init; }

    public override ValidationResult Validate() => Room.Length == 0 ? ValidationResult.Error("The name of the room is empty.") : base.Validate();
}
