using ChitChatz.Storage;

namespace ChitChatz.Tests.Guarantees;

/// <summary>A log that by a seeded plan fails, stalls, or commits and then says that it does not know.</summary>
internal sealed class UnreliableLog(IMessageLog inner, int seed) : DecoratedLog(inner)
{
    private readonly Random _random = new(seed);

    /// <summary>How many of a hundred commits go wrong.</summary>
    public int Percent { get; set; }

    /// <summary>How many commits failed and stored nothing; stored and were reported as unclear; stored nothing and were reported as unclear; were late.</summary>
    public (int Failed, int CommittedUnclear, int LostUnclear, int Stalled) Faults { get; private set; }

    public override async Task<IReadOnlyList<AppendResult>> CommitAsync(IReadOnlyList<AppendBatch> batches, CancellationToken cancellationToken)
    {
        // One writer commits at a time, so the order of the draws is that of the commits.
        if (_random.Next(100) >= Percent)
        {
            return await base.CommitAsync(batches, cancellationToken);
        }

        (int failed, int committed, int lost, int stalled) = Faults;
        switch (_random.Next(4))
        {
            case 0:
                Faults = (failed + 1, committed, lost, stalled);
                throw new LogUnavailableException("The test's disk is full.", outcomeUnclear: false);
            case 1:
                Faults = (failed, committed + 1, lost, stalled);
                await base.CommitAsync(batches, cancellationToken);
                throw new LogUnavailableException("The test's connection broke after the commit.", outcomeUnclear: true);
            case 2:
                Faults = (failed, committed, lost + 1, stalled);
                throw new LogUnavailableException("The test's connection broke before the commit.", outcomeUnclear: true);
            default:
                Faults = (failed, committed, lost, stalled + 1);
                await Task.Delay(_random.Next(1_000), cancellationToken);
                return await base.CommitAsync(batches, cancellationToken);
        }
    }
}
