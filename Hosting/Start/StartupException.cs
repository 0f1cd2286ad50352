namespace ChitChatz.Hosting.Start;

/// <summary>
/// The process cannot start, for a reason that whoever started it can mend. The message is all that is shown: one sentence that
/// names the setting, and one that says what to do.
/// </summary>
public sealed class StartupException : Exception
{
    /// <summary>The process cannot start.</summary>
    public StartupException(string message)
        : base(message)
    {
    }

    /// <summary>The process cannot start, because of something that failed underneath.</summary>
    public StartupException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
