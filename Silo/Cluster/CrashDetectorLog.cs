using Orleans.Runtime;

namespace ChitChatz.Silo.Cluster;

internal static partial class CrashDetectorLog
{
    [LoggerMessage(1, LogLevel.Warning, "The silo {Silo} has crashed: its connections ended and its port refuses new ones. It is declared dead")]
    public static partial void Crashed(ILogger logger, SiloAddress silo);

    [LoggerMessage(2, LogLevel.Warning, "The silo {Silo} could not be declared dead; trying again")]
    public static partial void NotDeclared(ILogger logger, SiloAddress silo, Exception exception);
}
