namespace ChitChatz.Hosting.Start;

/// <summary>
/// Whether the process is still starting. Until then what ends the start is reported once and in plain words by <see cref="HostRunner"/>;
/// the frameworks' own reports of the same failure, each with its stack trace, are left out of the log.
/// </summary>
public sealed class StartupPhase
{
    private volatile bool _over;
    private volatile bool _failed;
    private volatile string? _waitsFor;

    /// <summary>True once all parts have started.</summary>
    public bool IsOver => _over;

    /// <summary>True once the start has failed: the reason is told, and what parts say while they are taken down would bury it.</summary>
    public bool HasFailed => _failed;

    /// <summary>What the start waits for, and why it is not there yet, as a sentence; null while it waits for nothing. For the health endpoints.</summary>
    public string? WaitsFor
    {
        get => _waitsFor;
        set => _waitsFor = value;
    }

    /// <summary>The start has succeeded.</summary>
    public void End() => _over = true;

    /// <summary>The start has failed.</summary>
    public void Fail() => _failed = true;
}
