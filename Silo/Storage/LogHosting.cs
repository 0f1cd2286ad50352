using ChitChatz.Hosting.Configuration;
using ChitChatz.Hosting.Health;
using ChitChatz.Storage;
using ChitChatz.Storage.Memory;
using ChitChatz.Storage.Postgres;
using ChitChatz.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ChitChatz.Silo.Storage;

/// <summary>Composes the message log and its writer.</summary>
internal static class LogHosting
{
    /// <summary>The database's name in the data folder.</summary>
    public const string FileName = "chitchatz.db";

    public static void AddMessageLog(this IServiceCollection services)
    {
        services.AddSettings<StorageSettings>();
        services.AddMetrics();
        services.TryAddSingleton<StorageInstruments>();
        services.AddSingleton<IMessageLog>(static provider =>
        {
            var time = provider.GetRequiredService<TimeProvider>();
            var loggers = provider.GetRequiredService<ILoggerFactory>();
            return provider.GetRequiredService<IOptions<StorageSettings>>().Value switch
            {
                { InMemory: true } => new MemoryMessageLog(time),
                { InPostgres: true } settings => new PostgresMessageLog(settings.ConnectionString!, time, loggers),
                _ => new SqliteMessageLog(provider.GetRequiredService<DataFolder>().File(FileName), time, loggers),
            };
        });
        services.AddSingleton(static provider => (ILogRetention)provider.GetRequiredService<IMessageLog>());
        services.AddSingleton<LogWriter>();
        services.AddSingleton<ILogWriter>(static provider => provider.GetRequiredService<LogWriter>());
        services.AddSingleton<DatabaseAtStart>();
        services.AddHostedService<LogLifetime>();
        services.AddHostedService<LogProbe>();
        services.AddReadiness<LogReadiness>();
    }
}
