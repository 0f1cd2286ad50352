using ChitChatz.Grains.Rooms;
using ChitChatz.Hosting.Configuration;

namespace ChitChatz.Silo.Rooms;

/// <summary>How long rooms keep what was said.</summary>
public sealed class RoomsSettings : ISettings
{
    /// <inheritdoc />
    public static string Section => "Rooms";

    /// <summary>Days that a message can be read; 0 for ever. Default 30. What is younger than 24 hours, or among a room's newest 10,000, stays in the store, unread, so that repeats of its id are known.</summary>
    public int HistoryDays { get; set; } = 30;

    /// <summary>How many of a room's newest messages can be read; 0 for all. Default 10,000. The same stays in the store.</summary>
    public int HistoryMessages { get; set; } = 10_000;

    /// <summary>Whether a room's messages are forgotten when its last member has left. Default false: a room is its log, and outlives its members.</summary>
    public bool ForgetWhenEmpty { get; set; }

    /// <summary>The same for the grains.</summary>
    public RetentionPolicy Policy => new() { Age = TimeSpan.FromDays(HistoryDays), Messages = HistoryMessages, ForgetWhenEmpty = ForgetWhenEmpty };

    /// <inheritdoc />
    public IEnumerable<string> Failures()
    {
        if (HistoryDays is < 0 or > 36_500)
            yield return $"Rooms:HistoryDays must be 0 (for ever) to 36500; it is {HistoryDays}.";
        if (HistoryMessages is < 0 or > 1_000_000_000)
            yield return $"Rooms:HistoryMessages must be 0 (all) to 1000000000; it is {HistoryMessages}.";
    }
}
