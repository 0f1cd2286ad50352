using ChitChatz.Chaos.Checking;

namespace ChitChatz.Tests.Chaos;

/// <summary>Plays a chat that keeps all promises, and writes down what its clients see: cuts, repeats, resumes, gaps and refusals included.</summary>
internal sealed class LegalHistory
{
    private const long Epoch = 7;
    private readonly Random _random;
    private readonly List<HistoryEvent> _events = [];
    private readonly Dictionary<string, List<HistoryEvent>> _logs = [];
    private readonly List<Client> _clients = [];
    private long _now;
    private int _lastConnection;
    private int _lastId;

    private LegalHistory(int seed) => _random = new Random(seed);

    public static List<HistoryEvent> Play(int seed, int steps = 250)
    {
        LegalHistory history = new(seed);
        for (int i = 0; i < 6; i++)
        {
            history._clients.Add(new Client($"user {i}", $"room {i % 2}"));
        }

        for (int i = 0; i < steps; i++)
        {
            history.Step(history._clients[history._random.Next(history._clients.Count)]);
        }

        history.End();
        return history._events;
    }

    private List<HistoryEvent> Log(string room) => _logs.TryGetValue(room, out List<HistoryEvent>? log) ? log : _logs[room] = [];

    private void Add(HistoryEvent added) => _events.Add(added);

    private void Step(Client client)
    {
        if (client.Connection == 0)
        {
            Join(client);
            return;
        }

        switch (_random.Next(20))
        {
            case 0:
                Add(new HistoryEvent(EventKind.Close, ++_now) { Connection = client.Connection });
                client.Connection = 0;
                break;
            case 1:
                Add(new HistoryEvent(EventKind.Leave, ++_now) { Connection = client.Connection, Room = client.Room });
                Add(new HistoryEvent(EventKind.Close, ++_now) { Connection = client.Connection });
                (client.Connection, client.Room) = (0, client.Room == "room 0" ? "room 1" : "room 0");
                client.Next = 0;
                break;
            case 2:
                Repeat(client);
                break;
            case 3 when client.Next <= Log(client.Room).Count:
                Add(new HistoryEvent(EventKind.Gap, ++_now) { Connection = client.Connection, Room = client.Room, Seq = client.Next, To = Log(client.Room).Count });
                client.Next = Log(client.Room).Count + 1;
                break;
            case < 11:
                Send(client);
                break;
            default:
                Receive(client, _random.Next(1, 4));
                break;
        }
    }

    private void Join(Client client)
    {
        client.Connection = ++_lastConnection;
        long head = Log(client.Room).Count;
        long since = ++_now;
        bool resumes = client.Next > 0 && _random.Next(4) > 0;
        bool recovered = resumes && _random.Next(4) > 0;
        Add(new HistoryEvent(EventKind.Join, ++_now)
        {
            Connection = client.Connection,
            User = client.User,
            Room = client.Room,
            Epoch = Epoch,
            Since = since,
            Head = head,
            After = resumes ? client.Next - 1 : -1,
            Recovered = recovered,
        });
        client.Next = recovered ? client.Next : head + 1;
    }

    private void Send(Client client)
    {
        HistoryEvent send = new(EventKind.Send, ++_now)
        {
            Connection = client.Connection,
            User = client.User,
            Room = client.Room,
            Id = $"m{++_lastId}",
            Hash = $"h{_lastId}",
        };
        Add(send);
        switch (_random.Next(10))
        {
            case 0:
                Add(send with { Kind = EventKind.Fail, At = ++_now, Code = "text_too_long", Hash = null });
                break;
            case 1: // lost, and perhaps stored
                if (_random.Next(2) == 0)
                {
                    Store(send);
                }

                Add(send with { Kind = EventKind.Info, At = ++_now });
                client.Unknown.Add(send);
                break;
            default:
                Acknowledge(send, Store(send));
                break;
        }
    }

    private void Repeat(Client client)
    {
        if (client.Unknown.Find(send => send.Room == client.Room) is not { } send)
        {
            return;
        }

        client.Unknown.Remove(send);
        HistoryEvent again = send with { At = ++_now, Connection = client.Connection };
        Add(again);
        Acknowledge(again, Log(client.Room).Find(row => row.Name == send.Name) ?? Store(again));
    }

    private HistoryEvent Store(HistoryEvent send)
    {
        List<HistoryEvent> log = Log(send.Room!);
        HistoryEvent row = send with { Kind = EventKind.Stored, Connection = 0, Epoch = Epoch, Seq = log.Count + 1 };
        log.Add(row);
        return row;
    }

    private void Acknowledge(HistoryEvent send, HistoryEvent row)
        => Add(send with { Kind = EventKind.Ok, At = ++_now, Epoch = row.Epoch, Seq = row.Seq, Hash = null });

    private void Receive(Client client, int most)
    {
        for (int i = 0; i < most && client.Next <= Log(client.Room).Count; i++, client.Next++)
        {
            HistoryEvent row = Log(client.Room)[(int)client.Next - 1];
            Add(row with { Kind = EventKind.Receive, At = ++_now, Connection = client.Connection });
        }
    }

    private void End()
    {
        foreach (Client client in _clients.Where(static client => client.Connection > 0))
        {
            Receive(client, int.MaxValue);
        }

        foreach (HistoryEvent row in _logs.Values.SelectMany(static log => log))
        {
            Add(row with { At = ++_now });
        }
    }

    private sealed class Client(string user, string room)
    {
        public string User => user;

        public string Room { get; set; } = room;

        public int Connection { get; set; }

        public long Next { get; set; }

        public List<HistoryEvent> Unknown { get; } = [];
    }
}
