using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using ChitChatz.Tests.Support;

namespace ChitChatz.Tests.Deploy;

/// <summary>The whole cluster as its script starts and stops it: real processes, on a PostgreSQL of their own.</summary>
public sealed class LocalClusterTests(SharedPostgres postgres)
{
    [Fact]
    public async Task Cluster_WhenReady_CarriesAMessageBetweenGatewaysAndLeavesNothingBehind()
    {
        SkipWithoutPostgres();
        await using LocalCluster cluster = LocalCluster.Start();
        await cluster.LineAsync("Ready after");
        await using (ChatClient2 ann = await ChatClient2.RegisterAsync(cluster.WebSocket(1), "Ann"))
        await using (ChatClient2 bob = await ChatClient2.RegisterAsync(cluster.WebSocket(2), "Bob"))
        {
            await ann.JoinAsync("lobby");
            await bob.JoinAsync("lobby");

            JsonObject ack = await ann.AskAsync(new JsonObject { ["event"] = "message", ["data"] = "across" });

            Assert.Equal("ack", (string?)ack["event"]);
            Assert.Equal("across", (string?)await MessageAsync(bob));
        }

        Assert.NotEmpty(cluster.Processes());
        Assert.Equal(0, await cluster.InterruptAsync());
        Assert.Empty(cluster.Processes());
    }

    [Fact]
    public async Task Cluster_WhenInterruptedWhileItStarts_LeavesNothingBehind()
    {
        SkipWithoutPostgres();
        await using LocalCluster cluster = LocalCluster.Start();
        await cluster.LineAsync("Starting 2 silos");

        Assert.Equal(0, await cluster.InterruptAsync());
        Assert.Empty(cluster.Processes());
    }

    [Fact]
    public async Task Cluster_WhenItsScriptIsKilled_EndsByItself()
    {
        SkipWithoutPostgres();
        await using LocalCluster cluster = LocalCluster.Start();
        await cluster.LineAsync("Starting 2 silos");

        await cluster.KillAsync();

        await cluster.WhenAllEndedAsync();
    }

    [Fact]
    public async Task Cluster_WhenAPortIsTaken_SaysWhichBeforeItStartsAnything()
    {
        SkipWithoutPostgres();
        using TcpListener somebody = new(IPAddress.Loopback, 0);
        somebody.Start();
        int taken = ((IPEndPoint)somebody.LocalEndpoint).Port;
        await using LocalCluster cluster = LocalCluster.StartOn(taken);

        await cluster.LineAsync($"port {taken} is taken");

        Assert.Equal(1, await cluster.ExitAsync());
        Assert.Empty(cluster.Processes());
    }

    [Fact]
    public async Task Cluster_WhenASiloCannotStart_ShowsWhyAndNothingElse()
    {
        string nowhere = (await postgres.Server).ConnectionString("nowhere");
        await using LocalCluster cluster = LocalCluster.Start("--database", nowhere);

        await cluster.LineAsync("did not start:");

        Assert.Equal("The database nowhere on 127.0.0.1 (Storage:ConnectionString) is not there: database \"nowhere\" does not exist.", await cluster.LineAsync(""));
        Assert.Equal(1, await cluster.ExitAsync());
    }

    [Theory]
    [InlineData("--silos", "0")]
    [InlineData("--gateways", "21")]
    [InlineData("--silos", "two")]
    public async Task Script_WithANumberThatCannotBe_SaysSo(string option, string value)
    {
        await using LocalCluster cluster = LocalCluster.Start(option, value);

        await cluster.LineAsync($"{option} must be 1 to 20; it is '{value}'");

        Assert.Equal(2, await cluster.ExitAsync());
    }

    private static async Task<JsonNode?> MessageAsync(ChatClient2 client)
    {
        while (true)
        {
            JsonObject frame = await client.NextAsync("the message");
            if ((string?)frame["event"] == "message")
                return frame["data"]!["content"];
        }
    }

    // As PrivatePostgres: never in CI, which installs it.
    private static void SkipWithoutPostgres() => Assert.SkipWhen(
        Environment.GetEnvironmentVariable("CI") != "true" && !Directory.Exists("/usr/lib/postgresql")
            && !(Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(static folder => File.Exists(Path.Combine(folder, "initdb"))),
        "PostgreSQL is not installed.");
}
