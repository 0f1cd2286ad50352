using System.Net.Sockets;
using ChitChatz.Hosting.Start;
using ChitChatz.Silo.Storage;
using ChitChatz.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace ChitChatz.Tests.Hosting;

/// <summary>A database that is away at start is waited for, and one that refuses is not.</summary>
public sealed class DatabaseAtStartTests
{
    private static readonly Exception s_away = new NpgsqlException("Failed to connect", new SocketException((int)SocketError.ConnectionRefused));
    private static readonly Exception s_refuses = new PostgresException("password authentication failed", "FATAL", "FATAL", PostgresErrorCodes.InvalidPassword);

    private readonly FakeTimeProvider _time = new();
    private readonly StartupPhase _phase = new();
    private int _attempts;

    private DatabaseAtStart Database => new(_phase, _time, NullLogger<DatabaseAtStart>.Instance);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Open_WhileTheDatabaseIsAway_WaitsAndSaysForWhat()
    {
        Task opened = Database.OpenAsync(_ => ++_attempts < 3 ? throw Unavailable(s_away) : Task.CompletedTask, Token);

        Assert.Equal("The database is not well.", _phase.WaitsFor);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(opened.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        await opened;
        Assert.Null(_phase.WaitsFor);
    }

    [Fact]
    public async Task Open_WhenTheDatabaseStaysAway_EndsWithItsSentence()
    {
        Task opened = Database.OpenAsync(_ => throw Unavailable(s_away), Token);

        for (int second = 0; second < DatabaseAtStart.Patience.TotalSeconds; second++)
        {
            Assert.False(opened.IsCompleted);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal("The database is not well.", (await Assert.ThrowsAsync<StartupException>(() => opened)).Message);
    }

    [Fact]
    public async Task Open_WhenTheDatabaseRefuses_EndsAtOnce() =>
        Assert.Equal("The database is not well.", (await Assert.ThrowsAsync<StartupException>(() => Database.OpenAsync(_ => throw Unavailable(s_refuses), Token))).Message);

    [Fact]
    public void Describe_OfWhatOrleansPassesOnFromItsDatabase_NamesItsConnectionString()
    {
        NpgsqlException slow = new("Exception while reading from stream", new TimeoutException("The operation has timed out."));

        Assert.Equal(
            ["The cluster's database (Cluster:ConnectionString) failed while this process started: it does not answer in time."], StartupErrors.Describe(slow));
        Assert.Equal(
            ["The cluster's database (Cluster:ConnectionString) failed while this process started: password authentication failed (28P01)."],
            StartupErrors.Describe(new AggregateException(new InvalidOperationException("Joining failed", s_refuses))));
    }

    private static LogUnavailableException Unavailable(Exception inner) => new("The database is not well.", outcomeUnclear: false, inner);
}
