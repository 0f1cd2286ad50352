using ChitChatz.Hosting.Configuration;
using ChitChatz.Silo.Storage;
using ChitChatz.Storage.Postgres.Cluster;
using Microsoft.Extensions.Options;

namespace ChitChatz.Silo.Cluster;

/// <summary>Makes the cluster's tables before the silo looks for itself in them. Gateways wait until a silo has.</summary>
internal sealed class ClusterTablesAtStart(IOptions<ClusterSettings> settings, DatabaseAtStart database) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => settings.Value.InPostgres
        ? database.OpenAsync(cancellation => ClusterDatabase.PrepareAsync(settings.Value.ConnectionString!, cancellation), cancellationToken)
        : Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
