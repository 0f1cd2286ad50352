namespace ChitChatz.Cli;

/// <summary>What the command's exit codes mean. Listed in its README.</summary>
internal static class ExitCodes
{
    /// <summary>Done.</summary>
    public const int Ok = 0;

    /// <summary>The server refused it, or ended the conversation; or what was entered in a chat was not sent.</summary>
    public const int Refused = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>No server could be connected to.</summary>
    public const int Unreachable = 3;

    /// <summary>Standard input or output fails, as that of a full disk does.</summary>
    public const int InputOutput = 4;

    /// <summary>Interrupted, as shells say it for SIGINT.</summary>
    public const int Interrupted = 130;
}
