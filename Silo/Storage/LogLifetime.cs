using ChitChatz.Storage;

namespace ChitChatz.Silo.Storage;

/// <summary>
/// Opens the log before the silo starts and closes it after the silo has stopped; registered before the silo for that.
/// </summary>
internal sealed class LogLifetime(LogWriter writer, DatabaseAtStart database) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => database.OpenAsync(writer.StartAsync, cancellationToken);

    // What the writer still holds goes to the log, which it closes last.
    public async Task StopAsync(CancellationToken cancellationToken) => await writer.DisposeAsync();
}
