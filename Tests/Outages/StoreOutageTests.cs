using System.Net;
using System.Text.Json.Nodes;
using ChitChatz.Chaos.Checking;
using ChitChatz.Hosting.Health;
using ChitChatz.Storage;
using ChitChatz.Tests.Guarantees;
using ChitChatz.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace ChitChatz.Tests.Outages;

/// <summary>
/// The store breaks under a running process: senders get errors that they may retry, nothing is acked that is not stored, readiness says
/// no; and when it works again so does everything, without a restart, and nothing is lost.
/// </summary>
public sealed class StoreOutageTests(SharedPostgres postgres)
{
    private static readonly string[] s_rooms = ["red", "green"];
    private static readonly HttpClient s_http = new();

    [Fact]
    public async Task FullDisk_WhenItHasRoomAgain_GoesOnAndLosesNothing()
    {
        await using SmallDisk disk = await SmallDisk.MountAsync(megabytes: 64);
        await using StandaloneApp app = await StandaloneApp.StartOnAsync(disk.Path, "--Limits:RateLimits=false");
        await RunAsync(app, "full disk", disk.Fill, disk.Clear, "No space is left");
    }

    [Fact]
    public async Task LockedDatabase_WhenItIsFreeAgain_GoesOnAndLosesNothing()
    {
        await using StandaloneApp app = await StandaloneApp.StartAsync("--Storage:Provider=Sqlite", "--Limits:RateLimits=false");
        string file = Path.Combine(app.DataFolder, "chitchatz.db");
        SqliteConnection? holder = null;
        await RunAsync(
            app,
            "locked database",
            () =>
            {
                holder = new SqliteConnection($"Data Source={file};Pooling=False");
                holder.Open();
                using SqliteCommand begin = holder.CreateCommand();
                begin.CommandText = "BEGIN IMMEDIATE";
                begin.ExecuteNonQuery();
            },
            () => holder!.Dispose(),
            "Another program holds the database");
    }

    [Fact]
    public async Task ReadOnlyDatabase_WhenItMayBeWrittenAgain_GoesOnAndLosesNothing()
    {
        await using StandaloneApp app = await StandaloneApp.StartAsync("--Storage:Provider=Sqlite", "--Limits:RateLimits=false");
        string file = Path.Combine(app.DataFolder, "chitchatz.db");

        // Taking the right to write away would not reach the files that are open already; this does.
        using ImmutableFiles files = new(file, file + "-wal");
        await RunAsync(app, "read-only database", files.Set, files.Clear, file);
    }

    [Fact]
    public async Task ReadOnlyDatabase_AtStart_IsRefusedInWords()
    {
        await using SmallDisk disk = await SmallDisk.MountAsync(megabytes: 8);
        await using (await StandaloneApp.StartOnAsync(disk.Path))
        {
        }

        await disk.SetReadOnlyAsync(true);
        Exception refused = await Assert.ThrowsAnyAsync<Exception>(() => StandaloneApp.StartOnAsync(disk.Path));
        Assert.Contains("read-only", refused.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Postgres_WhenItIsBack_GoesOnAndLosesNothing()
    {
        await postgres.Server;
        await using PrivatePostgres server = await SharedPostgres.StartNewAsync();
        string database = await server.NewDatabaseAsync();
        await using StandaloneApp app = await StandaloneApp.StartAsync(
            "--Storage:Provider=Postgres", $"--Storage:ConnectionString={server.ConnectionString(database)}", "--Limits:RateLimits=false");
        await RunAsync(app, "postgres stopped", () => server.CrashAsync(), () => server.StartAsync(), "The database");
    }

    [Fact]
    public async Task Health_OfAHealthyProcess_SaysSo()
    {
        await using StandaloneApp app = await StandaloneApp.StartAsync();
        foreach (string path in new[] { "/health/live", "/health/startup" })
        {
            Assert.Equal((HttpStatusCode.OK, "ok"), await AskAsync(app, path));
        }

        await WhenReadyAsync(app, true);
        Assert.Equal(HttpStatusCode.NotFound, (await s_http.GetAsync(new Uri(Management(app), "/"), Token)).StatusCode);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Task RunAsync(StandaloneApp app, string test, Action breakIt, Action mend, string problem)
        => RunAsync(
            app,
            test,
            () =>
            {
                breakIt();
                return Task.CompletedTask;
            },
            () =>
            {
                mend();
                return Task.CompletedTask;
            },
            problem);

    private static async Task RunAsync(StandaloneApp app, string test, Func<Task> breakIt, Func<Task> mend, string problem)
    {
        await using GuaranteeRun run = new(app);
        Array.ForEach(s_rooms, room => run.AddUsers(3, room));
        await run.ConnectAllAsync();
        await WhenReadyAsync(app, true);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        string text = new('x', 1_000);
        int acked = 0;
        Task sending = Task.WhenAll(run.Users.Select(async user =>
        {
            for (int number = 0; !stop.IsCancellationRequested; number++)
            {
                Assert.True(await user.SendAsync($"{number} {text}", Token));
                Interlocked.Increment(ref acked);
            }
        }));
        await WhenAsync(() => Volatile.Read(ref acked) > 50, "acks before the outage");
        await breakIt();
        run.History.Fault(test);
        JsonObject said = await WhenReadyAsync(app, false);
        Assert.Contains(problem, said["problems"]!.ToJsonString(), StringComparison.Ordinal);
        await WhenAsync(() => run.History.Events.Any(static happened => happened.Kind == EventKind.Info), "an answer that may be retried");
        await mend();
        int before = Volatile.Read(ref acked);
        await WhenAsync(() => Volatile.Read(ref acked) > before + 50, "acks after the outage");
        await WhenReadyAsync(app, true);
        await stop.CancelAsync();
        await Deadline.Within(sending, "the last acks");
        await run.WhenConvergedAsync(s_rooms, TimeSpan.FromSeconds(30));
        Verdict verdict = await run.CheckAsync(test, s_rooms);
        Assert.True(verdict.IsClean, verdict.ToString());
    }

    private static Uri Management(StandaloneApp app) => app.Services.GetRequiredService<ManagementServer>().Address!;

    private static async Task<(HttpStatusCode Status, string? Said)> AskAsync(StandaloneApp app, string path)
    {
        HttpResponseMessage response = await s_http.GetAsync(new Uri(Management(app), path), Token);
        return (response.StatusCode, (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync(Token))!["status"]);
    }

    private static async Task<JsonObject> WhenReadyAsync(StandaloneApp app, bool ready)
    {
        JsonObject? said = null;
        await WhenAsync(
            () =>
            {
                HttpResponseMessage response = s_http.Send(new HttpRequestMessage(HttpMethod.Get, new Uri(Management(app), "/health/ready")), Token);
                using Stream body = response.Content.ReadAsStream(Token);
                said = JsonNode.Parse(body)!.AsObject();
                return response.StatusCode == (ready ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable);
            },
            ready ? "readiness" : "a readiness that says no");
        return said!;
    }

    private static Task WhenAsync(Func<bool> reached, string missing) => Deadline.Within(
        Task.Run(
            async () =>
            {
                while (!reached())
                {
                    await Task.Delay(50, Token);
                }
            },
            Token),
        missing);
}
