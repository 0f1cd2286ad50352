namespace ChitChatz.Chaos.Cluster;

/// <summary>A control: the log's keys are gone; what is read by them is found by plain indexes.</summary>
internal static class KeylessStore
{
    /// <summary>Takes the keys away.</summary>
    public static Task MakeAsync(StoreNode store) => store.ExecuteAsync(
        """
        ALTER TABLE chitchatz.messages DROP CONSTRAINT messages_pkey, DROP CONSTRAINT messages_by_id;
        CREATE INDEX ON chitchatz.messages (room, epoch, seq);
        CREATE INDEX ON chitchatz.messages (room, sub, id);
        """);
}
