using ChitChatz.Tests.Support;

namespace ChitChatz.Tests.Cluster;

/// <summary>Real silos on PostgreSQL: a crash is seen as one, and silence is not.</summary>
public sealed class CrashDetectorTests(SharedPostgres postgres) : IAsyncLifetime
{
    private readonly List<ProcessHost> _silos = [];
    private readonly List<string> _folders = [];
    private PrivatePostgres _server = null!;
    private string _database = "";

    public async ValueTask InitializeAsync()
    {
        _server = await postgres.Server;
        _database = await _server.NewDatabaseAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ProcessHost silo in _silos)
        {
            await silo.DisposeAsync();
        }

        foreach (string folder in _folders)
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Silo_WhenKilled_IsDeclaredDeadByItsNeighbour()
    {
        (ProcessHost first, int port) = await StartAsync();
        (ProcessHost second, _) = await StartAsync();

        await first.KillAsync();

        Assert.Contains($":{port}:", await second.LineAsync("has crashed"), StringComparison.Ordinal);
        await WhenDeadAsync(port);
    }

    [Fact]
    public async Task Silo_WhenFrozen_IsNotTakenForCrashedAndEndsWhenItWakes()
    {
        (ProcessHost first, int port) = await StartAsync();
        (ProcessHost second, _) = await StartAsync();

        first.Send(Signal.Stop);

        // Orleans' probes find it, later.
        await WhenDeadAsync(port);
        Assert.DoesNotContain("has crashed", second.Output, StringComparison.Ordinal);
        first.Send(Signal.Continue);
        Assert.NotEqual(0, await first.ExitAsync());
    }

    [Fact]
    public async Task Silo_WhenAllWereKilled_StartsWithoutWaitingForThem()
    {
        (ProcessHost first, int firstPort) = await StartAsync();
        (ProcessHost second, int secondPort) = await StartAsync();
        await Task.WhenAll(first.KillAsync(), second.KillAsync());

        await StartAsync();

        await WhenDeadAsync(firstPort);
        await WhenDeadAsync(secondPort);
    }

    private async Task<(ProcessHost Silo, int Port)> StartAsync()
    {
        int[] ports = FreePorts.Take(2);
        _folders.Add(Directory.CreateTempSubdirectory("chitchatz-test-").FullName);
        string connection = _server.ConnectionString(_database);
        ProcessHost silo = ProcessHost.Start("Silo",
        [
            "--Cluster:Provider=Postgres", $"--Cluster:ConnectionString={connection}", "--Storage:Provider=Postgres", $"--Storage:ConnectionString={connection}",
            $"--Silo:Port={ports[0]}", $"--Silo:GatewayPort={ports[1]}", $"--Data:Folder={_folders[^1]}",
        ]);
        _silos.Add(silo);
        await silo.ReadyAsync();
        return (silo, ports[0]);
    }

    private async Task WhenDeadAsync(int port) => await Deadline.Within(PollAsync(port), $"the silo at {port} declared dead");

    private async Task PollAsync(int port)
    {
        // 6: Orleans' SiloStatus.Dead.
        while (await _server.ExecuteAsync(_database, $"SELECT status FROM chitchatz.orleansmembershiptable WHERE port = {port}") is not 6)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}
