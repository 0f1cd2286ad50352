namespace ChitChatz.Protocol;

/// <summary>One row of the table of errors. Two rows with one name are equal.</summary>
/// <param name="Name">The stable word for programs.</param>
/// <param name="Message">The default text for people.</param>
/// <param name="Retry">Whether the same request may succeed later.</param>
/// <param name="Violation">Whether it counts towards the limit of violations: malformed or forbidden frames do, ordinary refusals do not.</param>
public sealed record ErrorCode(string Name, string Message, bool Retry, bool Violation)
{
    /// <summary>This error with its default text.</summary>
    /// <remarks>Computed, so that a copy made by <c>with</c> does not keep the text of its original.</remarks>
    public ProtocolError Error => new(this, Message);

    /// <summary>This error with a text that says more.</summary>
    /// <param name="message">See <see cref="ProtocolError.Message"/> for what may stand in it.</param>
    public ProtocolError Because(string message) => new(this, message);

    /// <summary>Compares the names.</summary>
    public bool Equals(ErrorCode? other) => other is not null && Name == other.Name;

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    /// <summary>The name.</summary>
    /// <remarks>A record's own would print <see cref="Error"/>, which prints its code, without end.</remarks>
    public override string ToString() => Name;
}
