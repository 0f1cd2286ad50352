namespace ChitChatz.Client.Connections;

/// <summary>Something that is done later, once, unless it is put off or cancelled.</summary>
internal sealed class Pause : IDisposable
{
    private readonly ITimer _timer;

    public Pause(TimeProvider time, Action onEnd) => _timer = time.CreateTimer(_ =>
    {
        IsRunning = false;
        onEnd();
    }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <summary>True from the start to the end. A start or a cancel in the very moment of the end leaves an extra end behind, which must do no harm.</summary>
    public bool IsRunning { get; private set; }

    public void Start(TimeSpan length)
    {
        IsRunning = true;
        _timer.Change(length, Timeout.InfiniteTimeSpan);
    }

    public void Cancel()
    {
        IsRunning = false;
        _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer.Dispose();
}
