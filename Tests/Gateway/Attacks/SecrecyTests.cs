using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using ChitChatz.Tests.Support;
using ChitChatz.Tests.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ChitChatz.Tests.Gateway.Attacks;

/// <summary>THREATS J17, O2: whatever is logged, measured or traced, no token and no text is in it.</summary>
public sealed class SecrecyTests
{
    private const string Text = "a-text-that-nobody-may-log";

    [Fact]
    public async Task J17O2_LogAndTelemetry_OfAConversationAtTrace_HaveNoTokenAndNoText()
    {
        await using Collector collector = await Collector.StartAsync();
        Recorder log = new();
        int seen;
        await using (StandaloneApp app = await StandaloneApp.StartAsync(
            builder => builder.Logging.AddProvider(log).AddFilter<Recorder>(null, LogLevel.Trace).AddFilter("", LogLevel.Trace)
                .AddFilter<Microsoft.Extensions.Logging.Console.ConsoleLoggerProvider>(null, LogLevel.Warning), collector.Settings))
        {
            await using ChatClient ann = await ChatClient.RegisterAsync(app.WebSocket, "ann");
            await using ChatClient bob = await ChatClient.ConnectAsync(app.WebSocket, options => options.SetRequestHeader("Cookie", $"jwt={ann.Jwt}"));
            await bob.SendAsync(new JsonObject { ["event"] = "register", ["name"] = "bob" });
            await bob.ExpectAsync("register");
            await ann.JoinAsync("room");
            await bob.JoinAsync("room");
            await ann.PostAsync(Text);
            await ann.ExpectMessageAsync();
            await bob.ExpectMessageAsync();

            // What is refused is what somebody would like to see in a log.
            await ann.SendAsync(new JsonObject { ["event"] = "get_room", ["jwt"] = bob.Jwt });
            await ann.ExpectErrorAsync("identity_mismatch");
            await ann.SendAsync(new JsonObject { ["event"] = "message", ["data"] = Text, ["jwt"] = ann.Jwt + "AA" });
            await ann.ExpectErrorAsync("invalid_token");
            await ann.SendAsync(new JsonObject { ["event"] = "message", ["data"] = Text, ["room"] = "another" });
            await ann.ExpectErrorAsync("wrong_room");
            await ann.SendRawAsync($$"""{"event":"message","data":"{{Text}}","jwt":"{{ann.Jwt}}""");
            await ann.ExpectErrorAsync("bad_json");
            await ann.LeaveAsync();
            await ann.PostAsync(Text);
            await ann.ExpectErrorAsync("not_in_room");
            await ann.CloseAsync();
            await bob.SendRawAsync(System.Text.Encoding.UTF8.GetBytes(Text + bob.Jwt), System.Net.WebSockets.WebSocketMessageType.Binary);
            Assert.Equal(1003, (await Deadline.Within(bob.Closed, "the close after a binary frame")).Status);
            seen = log.Lines.Count;
        }

        Assert.Contains(log.Lines, static line => line.Contains("refused: identity_mismatch", StringComparison.Ordinal));
        Assert.True(seen > 100, $"Only {seen} lines were logged at Trace");
        Assert.DoesNotContain(log.Lines, static line => line.Contains("eyJ", StringComparison.Ordinal));
        Assert.DoesNotContain(log.Lines, static line => line.Contains(Text, StringComparison.Ordinal));

        // What was exported, until the last flush: of all three kinds, and in none of it.
        Assert.Equal(["/v1/logs", "/v1/metrics", "/v1/traces"], collector.Requests.Select(static request => request.Path).Distinct().Order(StringComparer.Ordinal));
        Assert.Contains(collector.Requests, static request => request.Body.Contains("chitchatz.gateway.received", StringComparison.Ordinal));
        Assert.Contains(collector.Requests, static request => request.Body.Contains("refused: identity_mismatch", StringComparison.Ordinal));
        Assert.DoesNotContain(collector.Requests, static request => request.Body.Contains("eyJ", StringComparison.Ordinal));
        Assert.DoesNotContain(collector.Requests, static request => request.Body.Contains(Text, StringComparison.Ordinal));
    }

    /// <summary>Keeps everything: the text, the values behind it, the exception and the scopes.</summary>
    [ProviderAlias("Recorder")]
    private sealed class Recorder : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            Lines.Enqueue(Describe(state));
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => Lines.Enqueue($"{logLevel} {formatter(state, exception)} {Describe(state)} {exception}");

        public void Dispose()
        {
        }

        private static string Describe(object? state)
            => state is IEnumerable<KeyValuePair<string, object?>> values ? string.Join(' ', values.Select(static pair => $"{pair.Key}={pair.Value}")) : $"{state}";
    }
}
