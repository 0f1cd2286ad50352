using System.Runtime.InteropServices;

namespace ChitChatz.Cli;

/// <summary>Ctrl-C, SIGTERM and a closed terminal as a token: the first asks to end in good order, a second ends at once.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _signals;

    public Interruption() => _signals = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(signal => PosixSignalRegistration.Create(signal, OnSignal))];

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        Array.ForEach(_signals, static signal => signal.Dispose());
        _source.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        if (_source.IsCancellationRequested)
            return;
        context.Cancel = true;
        _source.Cancel();
    }
}
