using Orleans;

namespace ChitChatz.Tests.Streaming;

[GenerateSerializer, Immutable, Alias("chitchatz.tests.streaming.TestItem")]
public sealed record TestItem([property: Id(0)] string Source, [property: Id(1)] int Number);
