using System.Net.WebSockets;
using ChitChatz.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Deadline = ChitChatz.Tests.Support.Deadline;

namespace ChitChatz.Tests.Client;

/// <summary>The client as a service of an application.</summary>
public sealed class ServiceTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Client_FromTheContainer_IsAsConfigured()
    {
        await using ServiceBench bench = new(static options =>
        {
            options.Name = "weather";
            options.Token = ScriptedConnection.Token();
        });
        var connecting = bench.Client.ConnectAsync(Token);
        var connection = await bench.Server.AcceptAsync();
        var register = await connection.WelcomeAsync();
        await Deadline.Within(connecting, "the connection");

        Assert.Equal(("weather", ScriptedConnection.Token()), ((string?)register["name"], (string?)register["jwt"]));
        Assert.Equal(("weather", "one.test"), (bench.Client.Name, connection.Address.Host));
    }

    [Fact]
    public async Task Client_HoweverOftenAskedFor_IsOneAndMadeAtTheFirst()
    {
        var made = 0;
        ServiceCollection services = new();
        Assert.Same(services, services.AddChitChatzClient(options =>
        {
            made++;
            Fill(options, "ann");
        }));
        await using var provider = services.BuildServiceProvider();
        Assert.Equal(0, made);

        var client = provider.GetRequiredService<ChatClient>();
        await using var scope = provider.CreateAsyncScope();
        Assert.Same(client, scope.ServiceProvider.GetRequiredService<ChatClient>());
        Assert.Same(client, provider.GetRequiredService<ChatClient>());
        Assert.Equal(1, made);
    }

    [Fact]
    public async Task Client_WhenNotAskedToConnect_DoesNot()
    {
        var opened = 0;
        ServiceCollection services = new();
        services.AddChitChatzClient(options =>
        {
            Fill(options, "ann");
            options.OpenSocket = (_, _) =>
            {
                Interlocked.Increment(ref opened);
                return Task.FromException<WebSocket>(new IOException("Nobody is there."));
            };
        });
        await using (var provider = services.BuildServiceProvider())
            Assert.Equal(ChatState.Disconnected, provider.GetRequiredService<ChatClient>().State);

        // Its end waits for whatever was begun.
        Assert.Equal(0, Volatile.Read(ref opened));
    }

    [Fact]
    public async Task Clock_IsTheApplicationsUnlessTheOptionsNameAnother()
    {
        FakeTimeProvider applications = new();
        FakeTimeProvider another = new();
        await using var provider = new ServiceCollection()
            .AddSingleton<TimeProvider>(applications)
            .AddChitChatzClient(static options => Fill(options, "ann"))
            .AddKeyedChitChatzClient("another", options =>
            {
                Fill(options, "bob");
                options.TimeProvider = another;
            })
            .BuildServiceProvider();
        Assert.Same(applications, provider.GetRequiredService<ChatClient>().Options.TimeProvider);
        Assert.Same(another, provider.GetRequiredKeyedService<ChatClient>("another").Options.TimeProvider);

        await using var without = new ServiceCollection().AddChitChatzClient(static options => Fill(options, "ann")).BuildServiceProvider();
        Assert.Same(TimeProvider.System, without.GetRequiredService<ChatClient>().Options.TimeProvider);
    }

    [Fact]
    public async Task KeyedClients_AreApartAndEachIsOne()
    {
        ServiceCollection services = new();
        Assert.Same(services, services.AddKeyedChitChatzClient("first", static options => Fill(options, "bob")));
        services.AddKeyedChitChatzClient("second", static options => Fill(options, "cid"));
        await using (var keyedOnly = services.BuildServiceProvider())
            Assert.Null(keyedOnly.GetService<ChatClient>());

        services.AddChitChatzClient(static options => Fill(options, "ann"));
        await using var provider = services.BuildServiceProvider();
        var first = provider.GetRequiredKeyedService<ChatClient>("first");
        var second = provider.GetRequiredKeyedService<ChatClient>("second");
        Assert.Equal(("bob", "cid", "ann"), (first.Name, second.Name, provider.GetRequiredService<ChatClient>().Name));
        Assert.Null(provider.GetKeyedService<ChatClient>("third"));

        await using var scope = provider.CreateAsyncScope();
        Assert.Same(first, scope.ServiceProvider.GetRequiredKeyedService<ChatClient>("first"));
        Assert.Same(second, provider.GetRequiredKeyedService<ChatClient>("second"));
    }

    [Fact]
    public async Task Options_WhenWrong_AreAllNamedWhenTheClientIsMade()
    {
        await using var provider = new ServiceCollection()
            .AddChitChatzClient(static options => options.MaxPendingSends = 0)
            .AddKeyedChitChatzClient("keyed", static options =>
            {
                Fill(options, "bob");
                options.MessageBuffer = 99;
            })
            .BuildServiceProvider();

        var failure = Assert.Throws<ArgumentException>(() => provider.GetRequiredService<ChatClient>());
        foreach (var name in new[] { "Servers", "Name", "MaxPendingSends" })
            Assert.Contains(name, failure.Message, StringComparison.Ordinal);
        var keyed = Assert.Throws<ArgumentException>(() => provider.GetRequiredKeyedService<ChatClient>("keyed"));
        Assert.Equal("MessageBuffer must be from 100 to 100,000.", keyed.Message);
    }

    [Fact]
    public void Options_WhenNobodyFillsThemIn_AreRefusedAtOnce()
    {
        Assert.Throws<ArgumentNullException>(static () => new ServiceCollection().AddChitChatzClient(null!));
        Assert.Throws<ArgumentNullException>(static () => new ServiceCollection().AddKeyedChitChatzClient("key", null!));
    }

    [Fact]
    public async Task Container_WhenDisposed_ClosesTheClient()
    {
        await using ServiceBench bench = new();
        var (connection, room) = await bench.JoinAsync();
        var stopping = bench.StopAsync();
        Assert.Equal(1000, await connection.ExpectCloseAsync());
        await Deadline.Within(stopping, "the end of the application");

        Assert.Equal(ChatState.Closed, bench.Client.State);
        Assert.Equal(ChatFailure.Closed, (await Assert.ThrowsAsync<ChatException>(() => room.SendAsync("more", cancellationToken: Token))).Failure);
    }

    [Fact]
    public async Task Container_WhenDisposed_ClosesKeyedClientsToo()
    {
        var provider = new ServiceCollection().AddKeyedChitChatzClient("key", static options => Fill(options, "ann")).BuildServiceProvider();
        var client = provider.GetRequiredKeyedService<ChatClient>("key");
        await provider.DisposeAsync();

        Assert.Equal(ChatState.Closed, client.State);
        Assert.Equal(ChatFailure.Closed, (await Assert.ThrowsAsync<ChatException>(() => client.ConnectAsync(Token))).Failure);
    }

    private static void Fill(ChatClientOptions options, string name)
    {
        options.Name = name;
        options.Servers.Add(new Uri("ws://one.test"));
    }
}
