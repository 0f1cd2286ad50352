namespace ChitChatz.Grains.Abstractions;

/// <summary>
/// Answers, on whichever silo it is asked. Orleans' client sends the calls of one key through one silo, and those of a new key through the
/// next; so with new keys a gateway makes a connection to each silo before it needs it. A push to a gateway goes through the silo's own
/// connection, or else through that of another silo, with which it may die.
/// </summary>
[Alias("chitchatz.IPingGrain")]
public interface IPingGrain : IGrainWithIntegerKey
{
    /// <summary>Answers.</summary>
    [Alias("Ping")]
    Task Ping();
}
