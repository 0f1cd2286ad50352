using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ChitChatz.Chaos.Checking;
using ChitChatz.Chaos.Clients;
using ChitChatz.Grains.Abstractions;
using ChitChatz.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace ChitChatz.Tests.Guarantees;

/// <summary>
/// T9: random programs of three people and two rooms: join, leave, say, cut, come back, show old tokens, expired ones and those of others. A
/// model of who is where says what each request is answered; the checker says whether anything reached anybody it should not.
/// </summary>
public sealed class AuthorizationTests
{
    private const int Seed = 20_261_126;
    private const string Secret = "a-secret-of-the-tests-7Yt3kQ9zLm2Vx8Rw";

    private static int Programs => GuaranteeRun.IsLong ? 10_000 : 1_000;

    [Fact]
    public async Task Programs_OfStrangersAndMembers_ShowEverybodyWhatIsTheirs()
    {
        await using StandaloneApp app = await StandaloneApp.StartAsync("--Limits:RateLimits=false", $"--Jwt:Secret={Secret}", "--Limits:ViolationsPerMinute=0");
        (Verdict verdict, List<string> surprises) = await RunAsync(app, "T9", Programs);
        Assert.True(verdict.IsClean, verdict.ToString());
        Assert.True(surprises.Count == 0, string.Join('\n', surprises.Take(10)));
    }

    [Fact]
    public async Task Programs_WhenTheRoomClaimIsTrusted_ReachStrangers()
    {
        await using StandaloneApp app = await StandaloneApp.StartAsync(
            static builder => builder.Services.AddSingleton<Func<string, IRoomGrain>>(static services =>
            {
                IGrainFactory grains = services.GetRequiredService<IGrainFactory>();
                return key => new Trusting(grains.GetGrain<IRoomGrain>(key));
            }),
            "--Limits:RateLimits=false", $"--Jwt:Secret={Secret}", "--Limits:ViolationsPerMinute=0");
        (Verdict verdict, List<string> surprises) = await RunAsync(app, "T9 control", 100);
        Assert.NotEmpty(surprises);
        Assert.Contains(verdict.Violations, static violation => violation.Invariant is Invariant.Stranger or Invariant.AfterLeave);
    }

    private static async Task<(Verdict Verdict, List<string> Surprises)> RunAsync(StandaloneApp app, string test, int programs)
    {
        await using GuaranteeRun run = new(app);
        List<string> surprises = [];
        string[] rooms = [.. Enumerable.Range(0, programs).SelectMany(static n => new[] { $"a {n}", $"b {n}" })];
        int requests = 0;
        await Parallel.ForAsync(0, programs, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = GuaranteeRun.Token }, async (number, _) =>
        {
            await using Program program = new(app.WebSocket, run.History, number);
            await program.RunAsync();
            lock (surprises)
            {
                surprises.AddRange(program.Surprises);
                requests += program.Requests;
            }
        });
        Verdict verdict = await run.CheckAsync(test, rooms);
        TestContext.Current.TestOutputHelper?.WriteLine($"{programs} programs, {requests} requests, {surprises.Count} answered otherwise than the model says");
        return (verdict, surprises);
    }

    private sealed class Program(Uri server, History history, int number) : IAsyncDisposable
    {
        private readonly Random _random = new(Seed + number);
        private readonly Person[] _people = [.. Enumerable.Range(0, 3).Select(n => new Person($"p{number} {n}"))];
        private int _last;

        public List<string> Surprises { get; } = [];

        public int Requests => _last;

        public async Task RunAsync()
        {
            foreach (Person person in _people)
            {
                await ConnectAsync(person);
                await AskAsync(person, new JsonObject { ["event"] = "register", ["v"] = 2, ["name"] = person.Name }, "register");
                person.Learn();
            }

            for (int step = 0; step < 25; step++)
            {
                await StepAsync(_people[_random.Next(_people.Length)]);
            }
        }

        public async ValueTask DisposeAsync()
        {
            foreach (Person person in _people)
            {
                await (person.Connection?.DisposeAsync() ?? ValueTask.CompletedTask);
            }
        }

        private Task StepAsync(Person person) => _random.Next(10) switch
        {
            < 2 => JoinAsync(person, $"{"ab"[_random.Next(2)]} {number}"),
            2 => LeaveAsync(person),
            3 => ComeBackAsync(person),
            4 => ShowAnothersTokenAsync(person),
            5 => AskAsync(person, new JsonObject { ["event"] = "get_room", ["jwt"] = Expired(person) }, "token_expired"),
            _ => SayAsync(person),
        };

        private async Task JoinAsync(Person person, string room)
        {
            JsonObject join = new() { ["event"] = "join_room", ["room"] = room };
            if (_random.Next(2) == 0)
            {
                join["after"] = new JsonObject { ["epoch"] = _random.NextInt64(3), ["seq"] = _random.NextInt64(5) };
            }

            await AskAsync(person, join, "register");
            if (person.Room is not null && person.Room != room)
            {
                person.LostFrom.Remove(person.Room);
            }

            person.Room = room;
            person.Learn();
        }

        private async Task LeaveAsync(Person person)
        {
            await AskAsync(person, new JsonObject { ["event"] = "leave_room" }, person.Room is null ? "not_in_room" : "register");
            if (person.Room is not null)
            {
                person.LostFrom.Remove(person.Room);
            }

            person.Room = null;
            person.Learn();
        }

        private async Task SayAsync(Person person)
        {
            string id = $"m{_last}";
            string text = $"text {_random.Next()}";
            HistoryEvent send = new(EventKind.Send, history.Now)
            {
                Connection = person.Connection!.Number,
                User = Sub(person.Tokens[^1]),
                Room = person.Room ?? "nowhere",
                Id = id,
                Hash = RecordingConnection.HashOf(text),
            };
            history.Add(send);
            JsonObject say = new() { ["event"] = "message", ["id"] = id, ["data"] = text };

            // What the claim of a token says gives no right.
            if (_random.Next(2) == 0)
            {
                say["jwt"] = person.Tokens[_random.Next(person.Tokens.Count)];
            }

            JsonObject? answer = await AskAsync(person, say, person.Room is null ? "not_in_room" : "ack");
            history.Add((string?)answer?["event"] == "ack"
                ? send with { Kind = EventKind.Ok, At = history.Now, Hash = null, Room = (string)answer!["data"]!["room"]!, Epoch = (long)answer["data"]!["epoch"]!, Seq = (long)answer["data"]!["seq"]! }
                : send with { Kind = EventKind.Fail, At = history.Now, Hash = null, Code = (string?)answer?["code"] });
        }

        /// <summary>Its connection is cut, and another one shows one of its tokens, whichever: only the room that it was lost from is its room.</summary>
        private async Task ComeBackAsync(Person person)
        {
            await person.Connection!.DisposeAsync();
            if (person.Room is not null)
            {
                person.LostFrom.Add(person.Room);
            }

            person.Room = null;
            await ConnectAsync(person);
            string token = person.Tokens[_random.Next(person.Tokens.Count)];
            string? claimed = (string?)ChatClient.Decode(token)["room"];
            if (_random.Next(2) == 0)
            {
                // A join is a join, whatever the token says.
                await AskAsync(person, new JsonObject { ["event"] = "join_room", ["v"] = 2, ["jwt"] = token, ["room"] = $"a {number}" }, "register");
                person.Room = $"a {number}";
                return;
            }

            // The server may not have seen the cut yet; then it is nowhere.
            JsonObject? answer = await AskAsync(person, new JsonObject { ["event"] = "get_room", ["v"] = 2, ["jwt"] = token }, "room");
            if ((string?)answer?["data"] is not { } room)
            {
                return;
            }

            if (room != claimed || !person.LostFrom.Contains(room))
            {
                Surprises.Add($"{person.Name} came back into {room} with a token for {claimed ?? "no room"}, lost from {string.Join(", ", person.LostFrom)}");
                return;
            }

            // The history learns by a join of the same room that it is in.
            await JoinAsync(person, room);
        }

        private async Task ShowAnothersTokenAsync(Person person)
        {
            Person other = _people.First(other => other != person);
            await AskAsync(person, new JsonObject { ["event"] = "get_room", ["jwt"] = other.Tokens[^1] }, "identity_mismatch");
        }

        private async Task ConnectAsync(Person person) => person.Connection = await RecordingConnection.OpenAsync(server, history, GuaranteeRun.Token);

        /// <summary>Asks, and holds the answer's event or code against what the model says.</summary>
        private async Task<JsonObject?> AskAsync(Person person, JsonObject request, string expected)
        {
            request["id"] ??= $"q{_last}";
            _last++;
            JsonObject? answer = await Deadline.Within(person.Connection!.AskAsync(request, GuaranteeRun.Token), "an answer");
            string? actual = (string?)answer?["code"] ?? (string?)answer?["event"];
            if (actual != expected)
            {
                Surprises.Add($"{person.Name} in {person.Room ?? "no room"}: {request.ToJsonString()} was answered by {actual ?? "nothing"} instead of {expected}");
            }

            return answer;
        }

        private static string Sub(string jwt) => (string)ChatClient.Decode(jwt)["sub"]!;

        /// <summary>The person's newest token as it was two hours ago.</summary>
        private static string Expired(Person person)
        {
            JsonObject claims = ChatClient.Decode(person.Tokens[^1]);
            (claims["iat"], claims["exp"]) = ((long)claims["iat"]! - 7_200, (long)claims["exp"]! - 7_200);
            string signed = $"{person.Tokens[^1].Split('.')[0]}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims.ToJsonString()))}";
            return $"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.ASCII.GetBytes(signed)))}";
        }
    }

    private sealed class Person(string name)
    {
        public string Name => name;

        public RecordingConnection? Connection { get; set; }

        public string? Room { get; set; }

        public List<string> Tokens { get; } = [];

        /// <summary>Keeps the newest token.</summary>
        public void Learn()
        {
            if (Connection?.Jwt is { } jwt && !Tokens.Contains(jwt))
            {
                Tokens.Add(jwt);
            }
        }

        /// <summary>The rooms that a connection of the person was cut in and has not left since.</summary>
        public HashSet<string> LostFrom { get; } = [];
    }

    /// <summary>A gateway that takes the claim of a token for a right to enter.</summary>
    private sealed class Trusting(IRoomGrain inner) : DecoratedRoomGrain(inner)
    {
        public override Task<MembershipAnswer> ChangeMembers(MembershipChange change)
            => base.ChangeMembers(change with { Arrivals = Array.ConvertAll(change.Arrivals, static arrival => arrival with { OnlyIfLost = false }) });
    }
}
