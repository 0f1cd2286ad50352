using Orleans.Concurrency;

namespace ChitChatz.Grains.Abstractions;

/// <summary>
/// Answers, on whichever silo it is asked. Its calls go to all silos in turn, which is how a gateway makes a connection to each of them
/// before it needs it: a push to a gateway goes through the silo's own connection, or else through that of another silo, with which it may die.
/// </summary>
[Unordered]
[Alias("chitchatz.IPingGrain")]
public interface IPingGrain : IGrainWithIntegerKey
{
    /// <summary>Answers.</summary>
    [Alias("Ping")]
    Task Ping();
}
