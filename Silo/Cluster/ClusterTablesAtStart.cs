using ChitChatz.Hosting.Configuration;
using ChitChatz.Hosting.Start;
using ChitChatz.Storage;
using ChitChatz.Storage.Postgres.Cluster;
using Microsoft.Extensions.Options;

namespace ChitChatz.Silo.Cluster;

/// <summary>Makes the cluster's tables before the silo looks for itself in them. Gateways wait until a silo has.</summary>
internal sealed class ClusterTablesAtStart(IOptions<ClusterSettings> settings) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!settings.Value.InPostgres)
            return;
        try
        {
            await ClusterDatabase.PrepareAsync(settings.Value.ConnectionString!, cancellationToken);
        }
        catch (LogUnavailableException exception)
        {
            throw new StartupException(exception.Message, exception);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
