namespace ChitChatz.Chaos.Cluster;

/// <summary>
/// A control: PostgreSQL answers commits before they are on its disk. The log asks for the opposite in each of its sessions; a trigger
/// takes it back inside each statement.
/// </summary>
internal static class LazyCommits
{
    /// <summary>Settings of a server that is in no hurry to write.</summary>
    public static string[] Settings { get; } = ["wal_writer_delay=10000", "wal_writer_flush_after=1GB"];

    /// <summary>Installs the trigger.</summary>
    public static Task InstallAsync(StoreNode store) => store.ExecuteAsync(
        """
        CREATE FUNCTION chitchatz.lazy() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN PERFORM set_config('synchronous_commit', 'off', true); RETURN NULL; END $$;
        CREATE TRIGGER lazy AFTER INSERT ON chitchatz.messages FOR EACH STATEMENT EXECUTE FUNCTION chitchatz.lazy();
        """);
}
