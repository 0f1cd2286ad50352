namespace ChitChatz.Chaos.Cluster;

/// <summary>
/// Holds an append of a chosen silo inside the store, between its look at the room's head and its rows: a trigger waits there. So a silo
/// can be frozen in mid-append, for certain.
/// </summary>
internal sealed class HeldAppends(StoreNode store)
{
    // A statement has 5 s.
    private const string Seconds = "4.7";

    /// <summary>Installs the trigger.</summary>
    public Task InstallAsync() => store.ExecuteAsync(
        $$"""
        CREATE TABLE chitchatz.held (writer text);
        CREATE FUNCTION chitchatz.hold() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN
                IF EXISTS (SELECT 1 FROM chitchatz.held WHERE writer = current_setting('application_name')) THEN PERFORM pg_sleep({{Seconds}}); END IF;
                RETURN NULL;
            END $$;
        CREATE TRIGGER hold BEFORE INSERT ON chitchatz.messages FOR EACH STATEMENT EXECUTE FUNCTION chitchatz.hold();
        """);

    /// <summary>Holds the next append of a silo; ends when it is held.</summary>
    public async Task HoldNextAsync(string writer, CancellationToken cancellationToken)
    {
        await store.ExecuteAsync($"INSERT INTO chitchatz.held VALUES ('{writer}')");
        while (!(bool)(await store.ExecuteAsync($"SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE application_name = '{writer}' AND wait_event = 'PgSleep')"))!)
            await Task.Delay(10, cancellationToken);
    }

    /// <summary>Holds no further ones.</summary>
    public Task ReleaseAsync() => store.ExecuteAsync("DELETE FROM chitchatz.held");
}
