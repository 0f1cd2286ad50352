using ChitChatz.Storage.Postgres.Cluster;
using ChitChatz.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Storage;
using Orleans.TestingHost;

namespace ChitChatz.Tests.Cluster;

/// <summary>Our statements under Orleans' own code for the state of grains, which keeps the subscriptions of a cluster.</summary>
public sealed class GrainStorageTests(SharedPostgres postgres) : IAsyncLifetime
{
    private const string Store = "PubSubStore";
    private static readonly GrainId s_grain = GrainId.Create("pubsub", "chitchatz-push/inbox/one");

    private InProcessTestCluster _cluster = null!;

    private IGrainStorage Storage => ((InProcessSiloHandle)_cluster.Silos[0]).ServiceProvider.GetRequiredKeyedService<IGrainStorage>(Store);

    public async ValueTask InitializeAsync()
    {
        PrivatePostgres server = await postgres.Server;
        string connection = server.ConnectionString(await server.NewDatabaseAsync());
        await ClusterDatabase.PrepareAsync(connection, TestContext.Current.CancellationToken);
        InProcessTestClusterBuilder builder = new(1);
        builder.ConfigureSilo((_, silo) => silo.AddAdoNetGrainStorage(Store, options =>
        {
            options.Invariant = "Npgsql";
            options.ConnectionString = connection + ";Search Path=chitchatz";
        }));
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Read_OfWhatNobodyWrote_IsEmpty()
    {
        Assert.False((await ReadAsync(s_grain)).RecordExists);
    }

    [Fact]
    public async Task Write_ThenRead_GivesWhatWasWritten()
    {
        await WriteAsync(s_grain, "two gateways", new());
        await WriteAsync(s_grain, "three gateways", await ReadAsync(s_grain));

        Assert.Equal("three gateways", await TextAsync(s_grain));
    }

    [Fact]
    public async Task Write_OfSomethingOlderThanWhatIsThere_IsRefusedAndChangesNothing()
    {
        GrainState<Kept> first = new();
        await WriteAsync(s_grain, "first", first);
        await WriteAsync(s_grain, "second", await ReadAsync(s_grain));

        await Assert.ThrowsAnyAsync<InconsistentStateException>(() => WriteAsync(s_grain, "from the past", first));

        Assert.Equal("second", await TextAsync(s_grain));
    }

    [Fact]
    public async Task Write_ByTwoWhoFoundNothing_IsDoneByOne()
    {
        bool[] done = await Task.WhenAll(Enumerable.Range(0, 2).Select(number => Task.Run(async () =>
        {
            try
            {
                await WriteAsync(s_grain, $"writer {number}", new());
                return true;
            }
            catch (InconsistentStateException)
            {
                return false;
            }
        })));

        Assert.Single(done, static one => one);
        Assert.Equal($"writer {(done[0] ? 0 : 1)}", await TextAsync(s_grain));
    }

    [Fact]
    public async Task Clear_LeavesNothing_AndOneMayWriteAgain()
    {
        await WriteAsync(s_grain, "a gateway", new());
        await Storage.ClearStateAsync("state", s_grain, await ReadAsync(s_grain));

        GrainState<Kept> cleared = await ReadAsync(s_grain);
        Assert.False(cleared.RecordExists);
        await WriteAsync(s_grain, "another", cleared);
        Assert.Equal("another", await TextAsync(s_grain));
    }

    [Fact]
    public async Task States_OfTwoGrains_AreTwo()
    {
        GrainId other = GrainId.Create("pubsub", "chitchatz-push/inbox/two");
        await WriteAsync(s_grain, "one", new());
        await WriteAsync(other, "two", new());

        Assert.Equal(("one", "two"), (await TextAsync(s_grain), await TextAsync(other)));
    }

    private async Task<GrainState<Kept>> ReadAsync(GrainId grain)
    {
        GrainState<Kept> state = new();
        await Storage.ReadStateAsync("state", grain, state);
        return state;
    }

    private async Task<string?> TextAsync(GrainId grain) => (await ReadAsync(grain)).State?.Text;

    private Task WriteAsync(GrainId grain, string text, GrainState<Kept> found)
    {
        GrainState<Kept> next = new(new Kept { Text = text }, found.ETag) { RecordExists = found.RecordExists };
        return Storage.WriteStateAsync("state", grain, next);
    }

    /// <summary>What stands for a list of subscriptions.</summary>
    [GenerateSerializer]
    public sealed class Kept
    {
        [Id(0)]
        public string Text { get; set; } = "";
    }
}
