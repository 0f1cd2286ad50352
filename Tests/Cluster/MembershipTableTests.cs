using System.Net;
using ChitChatz.Storage.Postgres.Cluster;
using ChitChatz.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Configuration;
using Orleans.Runtime;
using Orleans.Runtime.Membership;
using Orleans.Runtime.MembershipService;

namespace ChitChatz.Tests.Cluster;

/// <summary>Our statements under Orleans' own code for them: what that expects of a membership table holds.</summary>
public sealed class MembershipTableTests(SharedPostgres postgres) : IAsyncLifetime
{
    private static readonly DateTime Now = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string _connection = "";
    private AdoNetClusteringTable _table = null!;

    public async ValueTask InitializeAsync()
    {
        PrivatePostgres server = await postgres.Server;
        _connection = server.ConnectionString(await server.NewDatabaseAsync());

        // Ten processes may start at once.
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => ClusterDatabase.PrepareAsync(_connection, Token)));
        _table = await OpenAsync("one");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Prepare_WhenDoneAgain_KeepsWhatIsThere()
    {
        await InsertAsync(_table, Entry(1));
        await ClusterDatabase.PrepareAsync(_connection, Token);

        Assert.Single((await _table.ReadAllAsync(Token)).Members);
    }

    [Fact]
    public async Task InsertRow_OfTheReadVersion_AddsItAndRaisesTheVersion()
    {
        Assert.True(await InsertAsync(_table, Entry(1)));

        MembershipTableData all = await _table.ReadAllAsync(Token);
        MembershipEntry read = Assert.Single(all.Members).Item1;
        Assert.Equal(1, all.Version.Version);
        Assert.Equal((Entry(1).SiloAddress, SiloStatus.Joining, "silo 1", 30_001, Now), (read.SiloAddress, read.Status, read.SiloName, read.ProxyPort, read.IAmAliveTime));
    }

    [Fact]
    public async Task InsertRow_OfAnOldVersion_ChangesNothing()
    {
        TableVersion old = (await _table.ReadAllAsync(Token)).Version.Next();
        Assert.True(await InsertAsync(_table, Entry(1)));

        Assert.False(await _table.InsertRowAsync(Entry(2), old, Token));

        MembershipTableData all = await _table.ReadAllAsync(Token);
        Assert.Single(all.Members);
        Assert.Equal(1, all.Version.Version);
    }

    [Fact]
    public async Task UpdateRow_ByTwoAtOnce_IsDoneByOne()
    {
        await InsertAsync(_table, Entry(1));
        MembershipTableData all = await _table.ReadAllAsync(Token);
        (MembershipEntry entry, string etag) = all.Members[0];
        AdoNetClusteringTable[] tables = [_table, await OpenAsync("one")];

        bool[] done = await Task.WhenAll(tables.Select(table => Task.Run(() => table.UpdateRowAsync(With(entry, SiloStatus.Dead), etag, all.Version.Next(), Token))));

        Assert.Single(done, static one => one);
        MembershipTableData after = await _table.ReadAllAsync(Token);
        Assert.Equal((SiloStatus.Dead, 2), (after.Members[0].Item1.Status, after.Version.Version));
        Assert.Equal(Entry(9).SiloAddress, Assert.Single(after.Members[0].Item1.SuspectTimes!).Item1);
    }

    [Fact]
    public async Task ReadRow_WhenTheSiloIsUnknown_HasTheVersionAlone()
    {
        await InsertAsync(_table, Entry(1));

        Assert.Empty((await _table.ReadRowAsync(Entry(2).SiloAddress, Token)).Members);
        Assert.Single((await _table.ReadRowAsync(Entry(1).SiloAddress, Token)).Members);
    }

    [Fact]
    public async Task UpdateIAmAlive_ChangesTheTimeAndNotTheVersion()
    {
        await InsertAsync(_table, Entry(1));
        MembershipEntry later = Entry(1);
        later.IAmAliveTime = Now.AddSeconds(5);

        await _table.UpdateIAmAliveAsync(later, Token);

        MembershipTableData all = await _table.ReadAllAsync(Token);
        Assert.Equal((Now.AddSeconds(5), 1), (all.Members[0].Item1.IAmAliveTime, all.Version.Version));
    }

    [Fact]
    public async Task Clusters_OfOneDatabase_DoNotSeeEachOther()
    {
        AdoNetClusteringTable other = await OpenAsync("two");
        await InsertAsync(_table, Entry(1));

        Assert.Empty((await other.ReadAllAsync(Token)).Members);

        await other.DeleteMembershipTableEntriesAsync("two", Token);
        Assert.Single((await _table.ReadAllAsync(Token)).Members);
    }

    [Fact]
    public async Task CleanupDefunctSiloEntries_DropsTheOldAndKeepsTheActive()
    {
        await InsertAsync(_table, Entry(1));
        await InsertAsync(_table, With(Entry(2), SiloStatus.Active));

        await _table.CleanupDefunctSiloEntriesAsync(new DateTimeOffset(Now.AddDays(1)), Token);

        Assert.Equal(Entry(2).SiloAddress, Assert.Single((await _table.ReadAllAsync(Token)).Members).Item1.SiloAddress);
    }

    [Fact]
    public async Task Gateways_AreTheActiveSilosThatHaveAPortForThem()
    {
        await InsertAsync(_table, Entry(1));
        await InsertAsync(_table, With(Entry(2), SiloStatus.Active));
        await InsertAsync(_table, With(Entry(3), SiloStatus.Dead));
        MembershipEntry silent = With(Entry(4), SiloStatus.Active);
        silent.ProxyPort = 0;
        await InsertAsync(_table, silent);
        AdoNetGatewayListProvider list = new(
            NullLogger<AdoNetGatewayListProvider>.Instance,
            new ServiceCollection().BuildServiceProvider(),
            Options.Create(new AdoNetClusteringClientOptions { Invariant = "Npgsql", ConnectionString = _connection + ";Search Path=chitchatz" }),
            Options.Create(new GatewayOptions()),
            Options.Create(new ClusterOptions { ClusterId = "one", ServiceId = "test" }));
        await list.InitializeGatewayListProviderAsync(Token);

        Uri gateway = Assert.Single(await list.GetGatewaysAsync(Token));

        Assert.Equal(("127.0.0.1", 30_002), (gateway.Host, gateway.Port));
    }

    private async Task<AdoNetClusteringTable> OpenAsync(string cluster)
    {
        AdoNetClusteringTable table = new(
            new ServiceCollection().BuildServiceProvider(),
            Options.Create(new ClusterOptions { ClusterId = cluster, ServiceId = "test" }),
            Options.Create(new AdoNetClusteringSiloOptions { Invariant = "Npgsql", ConnectionString = _connection + ";Search Path=chitchatz" }),
            NullLogger<AdoNetClusteringTable>.Instance);
        await table.InitializeMembershipTableAsync(tryInitTableVersion: true, Token);
        return table;
    }

    private static async Task<bool> InsertAsync(AdoNetClusteringTable table, MembershipEntry entry) =>
        await table.InsertRowAsync(entry, (await table.ReadAllAsync(Token)).Version.Next(), Token);

    private static MembershipEntry Entry(int number) => new()
    {
        SiloAddress = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 11_110 + number), number),
        SiloName = $"silo {number}",
        HostName = "here",
        Status = SiloStatus.Joining,
        ProxyPort = 30_000 + number,
        StartTime = Now,
        IAmAliveTime = Now,
    };

    private static MembershipEntry With(MembershipEntry entry, SiloStatus status)
    {
        MembershipEntry changed = Entry(entry.ProxyPort - 30_000);
        changed.Status = status;
        if (status == SiloStatus.Dead)
        {
            changed.SuspectTimes = [Tuple.Create(Entry(9).SiloAddress, Now)];
        }

        return changed;
    }
}
