namespace ChitChatz.Storage.Postgres.Cluster;

/// <summary>
/// The tables in which Orleans' ADO.NET packages keep who is in the cluster (<c>orleansmembershiptable</c>) and who subscribes to which
/// stream (<c>orleansstorage</c>). The packages bring no SQL: they read each statement they issue from <c>orleansquery</c>, by a name
/// and with parameters and columns that their documentation fixes. The statements are ours; names of tables are without a schema,
/// which the connection's search path gives.
/// </summary>
internal static class ClusterTables
{
    // Step n leads from version n to n + 1. Steps are only ever added.
    public static readonly string[] Steps = [Create + Queries(ClusterQueries.All)];

    private const string Create =
        """
        CREATE TABLE chitchatz.orleansquery (
            querykey varchar(64) PRIMARY KEY,
            querytext text NOT NULL);
        CREATE TABLE chitchatz.orleansmembershipversiontable (
            deploymentid varchar(150) PRIMARY KEY,
            timestamp timestamptz(3) NOT NULL DEFAULT now(),
            version integer NOT NULL DEFAULT 0);
        CREATE TABLE chitchatz.orleansmembershiptable (
            deploymentid varchar(150) NOT NULL REFERENCES chitchatz.orleansmembershipversiontable,
            address varchar(45) NOT NULL,
            port integer NOT NULL,
            generation integer NOT NULL,
            siloname varchar(150) NOT NULL,
            hostname varchar(150) NOT NULL,
            status integer NOT NULL,
            proxyport integer,
            suspecttimes text,
            starttime timestamptz(3) NOT NULL,
            iamalivetime timestamptz(3) NOT NULL,
            PRIMARY KEY (deploymentid, address, port, generation));
        CREATE TABLE chitchatz.orleansstorage (
            grainidhash integer NOT NULL,
            graintypehash integer NOT NULL,
            grainidn0 bigint NOT NULL,
            grainidn1 bigint NOT NULL,
            graintypestring varchar(512) NOT NULL,
            grainidextensionstring varchar(512) NOT NULL,
            serviceid varchar(150) NOT NULL,
            payloadbinary bytea,
            modifiedon timestamptz NOT NULL,
            version integer NOT NULL,
            PRIMARY KEY (grainidhash, graintypehash, grainidn0, grainidn1, graintypestring, grainidextensionstring, serviceid));

        """;

    private static string Queries(IReadOnlyDictionary<string, string> queries) =>
        $"INSERT INTO chitchatz.orleansquery (querykey, querytext) VALUES {string.Join(",\n", queries.Select(static query => $"('{query.Key}', '{query.Value.Replace("'", "''", StringComparison.Ordinal)}')"))};";
}
