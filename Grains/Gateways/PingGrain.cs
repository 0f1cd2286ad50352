using ChitChatz.Grains.Abstractions;
using Orleans.Concurrency;

namespace ChitChatz.Grains.Gateways;

/// <summary>One on each silo that is asked.</summary>
[StatelessWorker(1)]
internal sealed class PingGrain : Grain, IPingGrain
{
    public Task Ping() => Task.CompletedTask;
}
