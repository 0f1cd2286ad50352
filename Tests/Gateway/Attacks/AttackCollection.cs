namespace ChitChatz.Tests.Gateway.Attacks;

/// <summary>The attacks on a server with the default settings: one after the other, since each checks that nothing of it is left.</summary>
[CollectionDefinition(Name)]
public sealed class AttackCollection : ICollectionFixture<AttackedServer>
{
    public const string Name = "Attacks";
}
