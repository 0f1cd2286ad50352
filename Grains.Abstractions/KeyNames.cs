namespace ChitChatz.Grains.Abstractions;

/// <summary>
/// Which keys a gateway signs tokens with and accepts, by the names that they have in each token (<c>kid</c>). Every client has seen those,
/// so that to know them helps nobody to guess a secret.
/// </summary>
/// <param name="Signs">The key of new tokens.</param>
/// <param name="Accepts">The keys of tokens that count, this one among them.</param>
[GenerateSerializer, Immutable, Alias("chitchatz.KeyNames")]
public sealed record KeyNames([property: Id(0)] string Signs, [property: Id(1)] string[] Accepts)
{
    /// <summary>Whether each of two gateways takes the tokens of the other. While secrets are changed in order, all do.</summary>
    public bool Match(KeyNames other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Accepts.Contains(other.Signs) && other.Accepts.Contains(Signs);
    }
}
