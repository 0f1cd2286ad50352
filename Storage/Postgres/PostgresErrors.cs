using System.Net.Sockets;
using Npgsql;

namespace ChitChatz.Storage.Postgres;

/// <summary>Turns the server's and the network's errors into sentences for operators.</summary>
internal static class PostgresErrors
{
    /// <summary>Whether an exception is the store's, and not a bug of ours or a cancellation.</summary>
    public static bool IsStores(Exception error) => error is NpgsqlException or TimeoutException or IOException or SocketException or ObjectDisposedException;

    /// <summary>The error as the interface promises it.</summary>
    public static LogUnavailableException Unavailable(string place, Exception error, bool outcomeUnclear) => new(Describe(place, error), outcomeUnclear, error);

    /// <summary>
    /// Whether a statement that failed may have been committed all the same. An ERROR that the server reports has undone it: after its commit
    /// record is written a server raises none. FATAL and PANIC may come later, from a server that is told to stop while it waits for a
    /// standby, or whose disk fails under the commit; and where no word came at all, nothing is known.
    /// </summary>
    public static bool MayHaveCommitted(Exception error) => error is not PostgresException { InvariantSeverity: "ERROR" };

    /// <summary>Whether one room's rows may have failed the statement, so that rooms are tried apart: a key that is taken, a lock, or a value that the server cannot hold (class 22).</summary>
    public static bool IsOneRooms(PostgresException error)
        => error.SqlState is PostgresErrorCodes.UniqueViolation || IsLock(error) || error.SqlState.StartsWith("22", StringComparison.Ordinal);

    /// <summary>Whether a lock of somebody else's was waited for in vain.</summary>
    public static bool IsLock(PostgresException error) => error.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected;

    private static string Describe(string place, Exception error) => error switch
    {
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => $"{place} has no space left.",
        PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } => $"{place} is read-only: a standby, or a database set to default_transaction_read_only.",
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } reported
            => $"{place} refuses the user or its password ({reported.MessageText}).",
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } reported => $"{place} is not there: {reported.MessageText}.",
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } reported => $"{place} does not let its user do what is needed: {reported.MessageText}.",
        PostgresException { SqlState: PostgresErrorCodes.TooManyConnections } => $"{place} has no connection left for this server.",
        PostgresException reported => $"{place} fails: {reported.MessageText} ({reported.SqlState}).",
        { InnerException: TimeoutException } or TimeoutException => $"{place} does not answer in time.",
        _ => $"{place} cannot be reached: {(error.InnerException ?? error).Message.TrimEnd('.')}.",
    };
}
