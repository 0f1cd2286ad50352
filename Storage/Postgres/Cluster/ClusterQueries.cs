namespace ChitChatz.Storage.Postgres.Cluster;

/// <summary>
/// What Orleans asks for, by the names that it looks up. Each is one statement, and so atomic: what changes a row of the membership
/// changes its version in the same step, or neither. A statement that answers with a number answers 0 when it changed nothing.
/// </summary>
internal static class ClusterQueries
{
    private const string Row = "deploymentid = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation";

    /// <summary>The next version; nothing when somebody else has changed the membership since it was read.</summary>
    private const string NextVersion =
        "UPDATE orleansmembershipversiontable SET timestamp = now(), version = version + 1 WHERE deploymentid = @DeploymentId AND version = @Version RETURNING deploymentid";

    private const string ReadMembership =
        "SELECT v.deploymentid, address, port, generation, siloname, hostname, status, proxyport, suspecttimes, starttime, iamalivetime, version FROM orleansmembershipversiontable v";

    /// <summary>A grain without an extension of its key has the empty one, since a primary key has no nulls.</summary>
    private const string Grain =
        """
        grainidhash = @GrainIdHash AND graintypehash = @GrainTypeHash AND grainidn0 = @GrainIdN0 AND grainidn1 = @GrainIdN1
            AND graintypestring = @GrainTypeString AND grainidextensionstring = coalesce(@GrainIdExtensionString::varchar, '') AND serviceid = @ServiceId
        """;

    private const string GrainAtVersion = $"{Grain} AND version = @GrainStateVersion::integer";

    /// <summary>The statements by their names.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>
    {
        ["InsertMembershipVersionKey"] =
            """
            WITH inserted AS (INSERT INTO orleansmembershipversiontable (deploymentid) VALUES (@DeploymentId) ON CONFLICT DO NOTHING RETURNING 1)
            SELECT count(*)::integer FROM inserted
            """,
        ["InsertMembershipKey"] =
            $"""
            WITH next AS ({NextVersion}),
            inserted AS (
                INSERT INTO orleansmembershiptable (deploymentid, address, port, generation, siloname, hostname, status, proxyport, starttime, iamalivetime)
                SELECT deploymentid, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime FROM next
                RETURNING 1)
            SELECT count(*)::integer FROM inserted
            """,
        ["UpdateMembershipKey"] =
            $"""
            WITH next AS ({NextVersion}),
            updated AS (
                UPDATE orleansmembershiptable m SET status = @Status, suspecttimes = @SuspectTimes, iamalivetime = @IAmAliveTime
                FROM next WHERE m.{Row} AND m.deploymentid = next.deploymentid
                RETURNING 1)
            SELECT count(*)::integer FROM updated
            """,
        ["UpdateIAmAlivetimeKey"] = $"UPDATE orleansmembershiptable SET iamalivetime = @IAmAliveTime WHERE {Row}",
        ["MembershipReadRowKey"] =
            $"{ReadMembership} LEFT JOIN orleansmembershiptable m ON m.deploymentid = v.deploymentid AND address = @Address AND port = @Port AND generation = @Generation WHERE v.deploymentid = @DeploymentId",
        ["MembershipReadAllKey"] = $"{ReadMembership} LEFT JOIN orleansmembershiptable m ON m.deploymentid = v.deploymentid WHERE v.deploymentid = @DeploymentId",
        ["DeleteMembershipTableEntriesKey"] =
            """
            DELETE FROM orleansmembershiptable WHERE deploymentid = @DeploymentId;
            DELETE FROM orleansmembershipversiontable WHERE deploymentid = @DeploymentId
            """,
        ["CleanupDefunctSiloEntriesKey"] = "DELETE FROM orleansmembershiptable WHERE deploymentid = @DeploymentId AND iamalivetime < @IAmAliveTime AND status <> 3",
        ["GatewaysQueryKey"] =
            "SELECT address, proxyport, generation FROM orleansmembershiptable WHERE deploymentid = @DeploymentId AND status = @Status AND proxyport > 0",
        ["WriteToStorageKey"] =
            $"""
            WITH updated AS (
                UPDATE orleansstorage SET payloadbinary = @PayloadBinary, modifiedon = now(), version = version + 1 WHERE {GrainAtVersion} RETURNING version),
            inserted AS (
                INSERT INTO orleansstorage (grainidhash, graintypehash, grainidn0, grainidn1, graintypestring, grainidextensionstring, serviceid, payloadbinary, modifiedon, version)
                SELECT @GrainIdHash, @GrainTypeHash, @GrainIdN0, @GrainIdN1, @GrainTypeString, coalesce(@GrainIdExtensionString::varchar, ''), @ServiceId, @PayloadBinary, now(), 1
                WHERE @GrainStateVersion::integer IS NULL
                ON CONFLICT DO NOTHING RETURNING version)
            SELECT coalesce((SELECT version FROM updated), (SELECT version FROM inserted), @GrainStateVersion::integer) AS newgrainstateversion
            """,
        ["ReadFromStorageKey"] = $"SELECT payloadbinary, now(), version FROM orleansstorage WHERE {Grain}",
        ["ClearStorageKey"] = $"UPDATE orleansstorage SET payloadbinary = NULL, version = version + 1 WHERE {GrainAtVersion} RETURNING version AS newgrainstateversion",
        ["DeleteStorageKey"] = $"DELETE FROM orleansstorage WHERE {GrainAtVersion} RETURNING version + 1 AS newgrainstateversion",
    };
}
