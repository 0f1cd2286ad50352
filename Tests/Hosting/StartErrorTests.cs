using ChitChatz.Tests.Processes;
using ChitChatz.Tests.Support;
using Xunit;

namespace ChitChatz.Tests.Hosting;

/// <summary>What an operator sees when a start fails: the setting, in a sentence, and exit code 1.</summary>
public sealed class StartErrorTests(SharedPostgres postgres) : IAsyncDisposable
{
    private readonly Deployment _service = new();

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task Start_WhenTheAddressIsTaken_NamesUrls()
    {
        using var taken = new Listening();
        await RefusedAsync("Standalone", ["--urls", $"http://127.0.0.1:{taken.Port}"], $"http://127.0.0.1:{taken.Port}", "--urls");
    }

    [Theory]
    [InlineData("Silo:Port")]
    [InlineData("Silo:GatewayPort")]
    public async Task Start_WhenASiloPortIsTaken_NamesThatPort(string setting)
    {
        using var taken = new Listening();
        await RefusedAsync("Silo", [$"--{setting}={taken.Port}"], $"{setting} is {taken.Port}");
    }

    [Fact]
    public async Task Start_WhenTheDataFolderCannotBeMade_NamesDataFolder()
    {
        // A folder below a file can be made by nobody, not even by root.
        var file = Path.GetTempFileName();
        try
        {
            await RefusedAsync("Standalone", [$"--Data:Folder={file}/data"], "Data:Folder", $"{file}/data");
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Start_WhenAnotherProcessHasTheDataFolder_SaysSo()
    {
        await using var other = new Deployment();
        await other.Start("Silo").ReadyAsync();

        await RefusedAsync("Silo", [$"--Data:Folder={other.DataFolder}"], "Data:Folder", other.DataFolder);
    }

    [Fact]
    public async Task Gateway_WhenItsAddressIsTaken_SaysSoBeforeItWaitsForASilo()
    {
        using var taken = new Listening();
        await RefusedAsync("Gateway", ["--urls", $"http://127.0.0.1:{taken.Port}"], $"Cannot listen on http://127.0.0.1:{taken.Port}, because something listens there already");
    }

    [Fact]
    public async Task Silo_WhenItsDatabaseIsNotThere_NamesTheConnectionStringAndWhatTheDatabaseSaid()
    {
        string nowhere = (await postgres.Server).ConnectionString("nowhere");

        await RefusedAsync("Silo", ["--Storage:Provider=Postgres", $"--Storage:ConnectionString={nowhere}"], "The database nowhere on 127.0.0.1 (Storage:ConnectionString) is not there: database \"nowhere\" does not exist.");
    }

    [Fact]
    public async Task Silo_WhenItsClusterRefuses_NamesThatConnectionString()
    {
        PrivatePostgres server = await postgres.Server;
        string log = server.ConnectionString(await server.NewDatabaseAsync());

        await RefusedAsync(
            "Silo",
            ["--Storage:Provider=Postgres", $"--Storage:ConnectionString={log}", "--Cluster:Provider=Postgres", $"--Cluster:ConnectionString={server.ConnectionString("nowhere")}"],
            "The database nowhere on 127.0.0.1 (Cluster:ConnectionString) is not there");
    }

    [Fact]
    public async Task Silo_WhenTwoOfItsPortsAreOne_NamesBoth() =>
        await RefusedAsync("Silo", [$"--Management:Port={_service.SiloPort}"], $"Management:Port and Silo:Port must be two ports; both are {_service.SiloPort}.");

    [Fact]
    public async Task Start_WhenASectionIsMisspelledInTheEnvironment_NamesItAndTheOthers()
    {
        var process = _service.Start("Silo", new Dictionary<string, string> { ["Storrage__Provider"] = "Memory" }, "--Silo:Prot=1", "--Strage:Provider=Memory");

        Assert.Equal(1, await process.ExitAsync());
        Assert.Contains("Storrage:Provider is not a setting; is Storage:Provider meant? (In the environment Storage__Provider.)", process.Errors, StringComparison.Ordinal);
        Assert.Contains("Silo:Prot is not a setting", process.Errors, StringComparison.Ordinal);
        Assert.Contains("'--Strage:Provider=Memory' is not a setting", process.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WhenSeveralSettingsAreWrong_ListsAllOfThem() =>
        await RefusedAsync(
            "Standalone",
            ["--urls=somewhere", "--Silo:Port=many", "--Silo:Prot=1", "--Storage:Provider=Oracle", "--Cluster:Provider=Zookeeper"],
            "--urls (or ASPNETCORE_URLS) must be", "Silo:Port must be", "Silo:Prot is not a setting", "Storage:Provider must be Sqlite, Postgres or Memory", "Cluster:Provider must be Localhost");

    [Fact]
    public async Task Start_WhenSettingsOfTheGatewayAreWrong_HidesNoneOfTheOthers() =>
        await RefusedAsync(
            "Standalone",
            ["--Gateway:AllowedOrigins:0=chat.example", "--Limits:MessageBytes=5", "--Jwt:LifetimeMinutes=0", "--Data:Foldr=x", "--Silo:Port=0"],
            "Gateway:AllowedOrigins:0 must be", "Limits:MessageBytes must be", "Jwt:LifetimeMinutes must be", "Data:Foldr is not a setting", "Silo:Port must be");

    [Fact]
    public async Task Start_WhenACluster_NamesWhatItNeeds() =>
        await RefusedAsync(
            "Standalone",
            ["--Cluster:Provider=Postgres", "--Silo:Address=0.0.0.0"],
            "Cluster:ConnectionString is needed", "Storage:Provider must be Postgres with Cluster:Provider=Postgres", "Jwt:Secret (or SECRET) must be set",
            "Silo:Address must be an address at which others reach this silo");

    [Fact]
    public async Task Start_WhenOneSiloIsOpenedToANetwork_IsRefused() =>
        await RefusedAsync("Silo", ["--Silo:Address=192.0.2.1"], "Silo:Address must be 127.0.0.1 with Cluster:Provider=Localhost");

    [Theory]
    [InlineData("--Strage:Provider=Memory", "--Strage:Provider=Memory")]
    [InlineData("-x", "-x")]
    [InlineData("--urls=somewhere", "--urls")]
    public async Task Start_WhenTheCommandLineMeansNothing_NamesTheArgument(string arg, string named) =>
        await RefusedAsync("Gateway", [arg], named);

    private async Task RefusedAsync(string name, string[] args, params string[] named)
    {
        var process = _service.Start(name, args);

        Assert.Equal(1, await process.ExitAsync());
        foreach (var text in named)
            Assert.Contains(text, process.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", process.Output + process.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", process.Output + process.Errors, StringComparison.Ordinal);
    }

    private sealed class Listening : IDisposable
    {
        private readonly System.Net.Sockets.TcpListener _listener = new(System.Net.IPAddress.Loopback, 0);

        public Listening() => _listener.Start();

        public int Port => ((System.Net.IPEndPoint)_listener.LocalEndpoint).Port;

        public void Dispose() => _listener.Dispose();
    }
}
