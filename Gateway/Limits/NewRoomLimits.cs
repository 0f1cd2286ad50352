using Microsoft.Extensions.Options;

namespace ChitChatz.Gateway.Limits;

/// <summary>Counts the new rooms of each user, over all of the user's connections to this gateway. Thread-safe.</summary>
public sealed class NewRoomLimits(IOptions<LimitsSettings> options, TimeProvider time)
{
    private readonly BucketTable<string> _users = new(options.Value.NewRooms, time);

    /// <summary>Takes one new room of the user; if there is none left, false and the time until the next.</summary>
    public bool TryCreate(string sub, out TimeSpan retryAfter) => _users.TryTake(sub, out retryAfter);
}
