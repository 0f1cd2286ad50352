using ChitChatz.Hosting.Start;
using ChitChatz.Storage;

namespace ChitChatz.Silo.Storage;

/// <summary>
/// Opens the log before the silo starts and closes it after the silo has stopped; registered before the silo for that.
/// </summary>
internal sealed class LogLifetime(LogWriter writer) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await writer.StartAsync(cancellationToken);
        }
        catch (LogUnavailableException exception)
        {
            throw new StartupException(exception.Message, exception);
        }
    }

    // What the writer still holds goes to the log, which it closes last.
    public async Task StopAsync(CancellationToken cancellationToken) => await writer.DisposeAsync();
}
