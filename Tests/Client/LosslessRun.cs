using System.Globalization;
using ChitChatz.Chaos.Faults;
using ChitChatz.Client;
using Deadline = ChitChatz.Tests.Support.Deadline;

namespace ChitChatz.Tests.Client;

/// <summary>One conversation of two, in a room of its own, over lines that break as its seed says.</summary>
internal sealed class LosslessRun(LosslessCluster cluster, int seed) : IAsyncDisposable
{
    public const int MessagesEach = 60;

    /// <summary>Messages of one person that are on their way at once.</summary>
    private const int Lanes = 4;

    private const string End = "the end of ";

    private readonly Random _random = new(seed);
    private readonly List<ChatClient> _clients = [];
    private readonly Dictionary<string, ChatReceipt> _receipts = [];
    private TcpProxy[] _lines = [];
    private int _connections;

    /// <summary>Changes the clients' options; is also given a count of connections.</summary>
    public Action<Func<int>, ChatClientOptions>? Configure { get; init; }

    public int Cuts => _lines.Sum(static line => line.Cuts);

    /// <summary>Receipts that say that the message was stored before: its first ack was cut.</summary>
    public int Duplicates => _receipts.Values.Count(static receipt => receipt.IsDuplicate);

    /// <summary>Lets them talk, and says what went wrong.</summary>
    public async Task<IReadOnlyList<string>> RunAsync()
    {
        _lines = [.. cluster.Gateways.Select(gateway => new TcpProxy(gateway, Plan))];
        var room = $"room {seed} {Guid.NewGuid():N}";
        ChatRoom[] rooms = [await EnterAsync("ann", room), await EnterAsync("bob", room)];
        Task<List<ChatMessage>>[] reading = [.. rooms.Select(ReadAsync)];
        var talking = Task.WhenAll(rooms.SelectMany(static (entered, person) => Enumerable.Range(0, Lanes).Select(lane => (entered, person, lane))).Select(SayAsync));
        await cluster.RestartAsync(standalone: seed % 3 == 0, crash: seed % 2 == 1);
        await Deadline.Within(talking, $"receipts of all messages of seed {seed}");

        // New connections are whole from now on. Each says that it is the end until both have heard it of both: what came before has come then.
        Array.ForEach(_lines, static line => line.IsFaulty = false);
        var read = Task.WhenAll(reading);
        for (var round = 1; !read.IsCompleted; round++)
        {
            Assert.True(round < 1_000, $"The end of seed {seed} does not come.");
            await Task.WhenAll(rooms.Select((entered, person) => Deadline.Within(SendAsync(entered, $"{End}{person} {round}"), $"the end of seed {seed}")));
        }

        List<ChatMessage>[] seen = await read;
        return [.. seen.SelectMany(Check), .. Talk(seen[0]).SequenceEqual(Talk(seen[1])) ? Array.Empty<string>() : ["they saw different conversations"]];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
            await client.DisposeAsync();
        foreach (var line in _lines)
            await line.DisposeAsync();
    }

    private async Task<ChatRoom> EnterAsync(string name, string room)
    {
        ChatClientOptions options = new()
        {
            Name = string.Create(CultureInfo.InvariantCulture, $"{name} {seed}"),
            RetryFirstConnect = true,
            ReconnectDelay = TimeSpan.FromMilliseconds(4),
            MaxReconnectDelay = TimeSpan.FromMilliseconds(250),
        };
        foreach (var line in _lines)
            options.Servers.Add(line.Address);
        Configure?.Invoke(() => Interlocked.Increment(ref _connections), options);
        ChatClient client = new(options);
        _clients.Add(client);
        return await Deadline.Within(client.JoinAsync(room, cancellationToken: TestContext.Current.CancellationToken), $"{name}'s join");
    }

    private async Task SayAsync((ChatRoom Room, int Person, int Lane) speaker)
    {
        for (var i = speaker.Lane; i < MessagesEach; i += Lanes)
            await SendAsync(speaker.Room, string.Create(CultureInfo.InvariantCulture, $"{speaker.Person} says {i}"));
    }

    private async Task SendAsync(ChatRoom room, string text)
    {
        var receipt = await room.SendAsync(text, cancellationToken: TestContext.Current.CancellationToken);
        lock (_receipts)
            _receipts.Add(text, receipt);
    }

    private static async Task<List<ChatMessage>> ReadAsync(ChatRoom room)
    {
        List<ChatMessage> seen = [];
        HashSet<string> ended = [];
        await foreach (var message in room.ReadMessagesAsync(TestContext.Current.CancellationToken))
        {
            seen.Add(message);
            if (message.Text.StartsWith(End, StringComparison.Ordinal) && ended.Add(message.User) && ended.Count == 2)
                break;
        }

        return seen;
    }

    private static IEnumerable<ChatMessage> Talk(List<ChatMessage> seen) => seen.Where(static message => !message.Text.StartsWith(End, StringComparison.Ordinal));

    /// <summary>What one of them saw, against what was sent and what the senders were told.</summary>
    private IEnumerable<string> Check(List<ChatMessage> seen)
    {
        foreach (var twice in seen.GroupBy(static message => message.Text).Where(static same => same.Count() > 1))
            yield return $"'{twice.Key}' came twice";
        foreach (var missed in _receipts.Keys.Where(static text => !text.StartsWith(End, StringComparison.Ordinal)).Except(seen.Select(static message => message.Text)))
            yield return $"somebody misses '{missed}'";
        if (seen.Count(static message => message.Gap is not null) is > 0 and var gaps)
            yield return $"{gaps} gaps were told";
        if (!seen.Select(static message => message.Position.Seq).SequenceEqual(Enumerable.Range(1, seen.Count).Select(static seq => (long)seq)))
            yield return "the seqs are not 1, 2, 3 and so on, so it misses some or has them out of order";
        foreach (var message in seen)
        {
            if (!_receipts.TryGetValue(message.Text, out var receipt))
                yield return $"'{message.Text}' was never sent";
            else if (receipt.Position != message.Position)
                yield return $"'{message.Text}' stands at {message.Position}, and its sender was told {receipt.Position}";
        }
    }

    /// <summary>A handshake and a join take some 1,100 bytes from the server, an ack 150, a message 300.</summary>
    private CutPlan Plan()
    {
        lock (_random)
        {
            var kind = _random.Next(10) switch { < 6 => CutKind.Reset, < 9 => CutKind.Close, _ => CutKind.HalfClose };
            return _random.Next(5) == 0
                ? new CutPlan(kind, FromServer: null, FromClient: _random.Next(300, 2_500))
                : new CutPlan(kind, FromServer: _random.Next(100, 6_000), FromClient: null);
        }
    }
}
