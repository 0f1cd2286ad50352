using System.Diagnostics.Metrics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using ChitChatz.Chaos.Checking;
using ChitChatz.Gateway.Connections;
using ChitChatz.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace ChitChatz.Tests.Guarantees;

/// <summary>T8: some of a room's members read nothing. They cost at most their queue and are cut; nobody else notices.</summary>
public sealed class SlowReaderTests
{
    private const string Room = "square";
    private const int Slow = 50;
    private const int Bound = 1_048_576;

    private static int Quick => GuaranteeRun.IsLong ? 450 : 100;

    [Fact]
    public async Task Members_WhoReadNothing_CostAtMostTheirQueueAndNobodyElseNotices()
    {
        await using StandaloneApp app = await StandaloneApp.StartAsync("--Limits:RateLimits=false");
        using MeterLevels meters = new(app.Services.GetRequiredService<IMeterFactory>());
        (Verdict verdict, int most) = await RunAsync(
            app, "T8", _ => meters["chitchatz.gateway.slow_readers"] >= Slow / 2 && meters["chitchatz.gateway.skips"] >= Slow / 2);
        Assert.True(verdict.IsClean, verdict.ToString());
        Assert.InRange(most, Bound / 2, Bound);
        Assert.Equal(Slow / 2, meters["chitchatz.gateway.slow_readers"]);
        Assert.Equal(Slow / 2, meters["chitchatz.gateway.skips"]);

        // Half of them are of version 1 and were closed; a client of version 2 that takes nothing for 10 s is cut as well.
        await Deadline.Within(
            WhenAsync(() => Connections(app).Length <= Quick),
            "the end of the connections that read nothing");
    }

    [Fact]
    public async Task Members_WhoReadNothing_WithoutABound_CostMore()
    {
        await using StandaloneApp app = await StandaloneApp.StartAsync("--Limits:RateLimits=false", "--Limits:OutboundQueueBytes=1073741824");
        (Verdict _, int most) = await RunAsync(app, "T8 control", static all => all.Max(static connection => connection.WaitingBytes) > 2 * Bound);
        Assert.True(most > 2 * Bound, $"at most {most} bytes waited");
    }

    private static ChatConnection[] Connections(StandaloneApp app) => [.. app.Services.GetRequiredService<ConnectionRegistry>().All];

    /// <summary>Two members talk in large texts until enough waits for the slow ones, or those are gone.</summary>
    private static async Task<(Verdict Verdict, int Most)> RunAsync(StandaloneApp app, string test, Func<ChatConnection[], bool> enough)
    {
        await using GuaranteeRun run = new(app);
        run.AddUsers(Quick, Room);
        await run.ConnectAllAsync();
        List<Socket> slow = [];
        for (int i = 0; i < Slow; i++)
        {
            slow.Add(await JoinAndStopReadingAsync(app.WebSocket, $"slow {i}", i % 2 + 1));
        }

        string text = new('x', 7_900);
        int most = 0;
        for (int round = 0; round < 400; round++)
        {
            await Task.WhenAll(run.Users.Take(2).Select(user => user.SendAsync($"{round} {text}", GuaranteeRun.Token)));
            ChatConnection[] all = Connections(app);
            most = Math.Max(most, all.Max(static connection => connection.WaitingBytes));
            if (round > 50 && enough(all))
            {
                break;
            }
        }

        await run.WhenConvergedAsync([Room], TimeSpan.FromSeconds(30));
        Verdict verdict = await run.CheckAsync(test, [Room]);
        TestContext.Current.TestOutputHelper?.WriteLine($"at most {most} bytes waited for one of {Slow} that read nothing");
        slow.ForEach(static socket => socket.Dispose());
        return (verdict, most);
    }

    private static async Task<Socket> JoinAndStopReadingAsync(Uri server, string name, int version)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4_096 };
        await socket.ConnectAsync(server.Host, server.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"GET / HTTP/1.1\r\nHost: {server.Authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));
        JsonObject register = new() { ["event"] = "register", ["name"] = name, ["v"] = version };
        await socket.SendAsync(RawWebSocket.Text(register));
        string jwt = await ReadTokenAsync(socket);
        await socket.SendAsync(RawWebSocket.Text(new JsonObject { ["event"] = "join_room", ["room"] = Room, ["jwt"] = jwt }));
        return socket;
    }

    private static async Task<string> ReadTokenAsync(Socket socket)
    {
        StringBuilder read = new();
        byte[] buffer = new byte[4_096];
        while (true)
        {
            int count = await Deadline.Within(socket.ReceiveAsync(buffer.AsMemory()).AsTask(), "the answer to a register");
            read.Append(Encoding.UTF8.GetString(buffer, 0, count));
            string text = read.ToString();
            int start = text.IndexOf("\"jwt\":\"", StringComparison.Ordinal);
            int end = start < 0 ? -1 : text.IndexOf("\"}", start, StringComparison.Ordinal);
            if (end > 0)
            {
                return text[(start + 7)..end];
            }
        }
    }

    private static async Task WhenAsync(Func<bool> reached)
    {
        while (!reached())
        {
            await Task.Delay(50, GuaranteeRun.Token);
        }
    }
}
