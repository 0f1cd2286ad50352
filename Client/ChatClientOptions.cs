using System.Net.WebSockets;

namespace ChitChatz.Client;

/// <summary>What a client needs to know. Not to be changed once a client was made of it.</summary>
public sealed class ChatClientOptions
{
    /// <summary>
    /// The gateways' addresses: <c>ws://</c>, <c>wss://</c>, or <c>http://</c> and <c>https://</c>, which mean the same. At least one. The
    /// client begins with any of them and goes to the next whenever a connection or an attempt ends.
    /// </summary>
    public IList<Uri> Servers { get; } = [];

    /// <summary>The name to register: 1 to 64 characters, by the server's rules.</summary>
    public string Name { get; set; } = "";

    /// <summary>A token of an earlier life, from <see cref="ChatClient.Token"/>, with which the client stays the same person; null for a new one.</summary>
    public string? Token { get; set; }

    /// <summary>
    /// Whether the first connect goes on trying, as reconnects do, instead of failing after one round over <see cref="Servers"/>. Default
    /// false, so that a wrong address is an error and not a silence.
    /// </summary>
    public bool RetryFirstConnect { get; set; }

    /// <summary>The first pause before a reconnect; doubled by each further failure. The actual pause is a random part, half to all of it. Default 500 ms, 1 ms to <see cref="MaxReconnectDelay"/>.</summary>
    public TimeSpan ReconnectDelay { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest pause, unless a server asks for a longer one. Default 20 s, at most one hour.</summary>
    public TimeSpan MaxReconnectDelay { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long the opening of a connection may take. Default 10 s, 1 ms to one hour.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a server has to answer a request; then its connection counts as dead. Default 10 s, 1 ms to one hour. Servers answer
    /// within 8 s, if only with an error: less than that takes living ones for dead.
    /// </summary>
    public TimeSpan AnswerTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How many sends of a room may wait for their receipt; further ones wait to begin. Default 256, 1 to 10,000.</summary>
    public int MaxPendingSends { get; set; } = 256;

    /// <summary>
    /// How many messages may wait for their reader. When so many wait, further ones are left in the room's log and read from there when
    /// there is room again. Default 1,000, 100 to 100,000.
    /// </summary>
    public int MessageBuffer { get; set; } = 1_000;

    /// <summary>
    /// The longest frame that is sent, in bytes; a send above it is refused here, because a server would close the connection. Default
    /// 65,536, which is a server's default <c>Limits:MessageBytes</c>; 4,096 to 16,777,216.
    /// </summary>
    public int MaxFrameBytes { get; set; } = 65_536;

    /// <summary>The clock of all pauses and deadlines. Default the system's.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>
    /// How a connection is opened, for proxies, headers, certificates or tests. Default null: a <see cref="ClientWebSocket"/> that pings
    /// every 15 s and gives up after 10 s without an answer. Gets an address with the scheme <c>ws</c> or <c>wss</c>.
    /// </summary>
    public Func<Uri, CancellationToken, Task<WebSocket>>? OpenSocket { get; set; }

    /// <summary>Sees each frame that is sent or received, on the loop that handles it: return quickly. Default null.</summary>
    public Action<ChatFrame>? OnFrame { get; set; }

    /// <summary>Where randomness comes from: jitter, and which server is the first.</summary>
    internal Random Random { get; set; } = Random.Shared;

    /// <summary>The control of the tests of resuming: a client that does not say where it was.</summary>
    internal bool ForgetsPosition { get; set; }

    /// <summary>Checks everything.</summary>
    /// <exception cref="ArgumentException">Some are wrong; lists them all.</exception>
    internal void Validate()
    {
        List<string> failures = [];
        Check(Servers.Count > 0, "Servers must name at least one address.");
        foreach (var server in Servers)
            Check(server is { IsAbsoluteUri: true, Scheme: "ws" or "wss" or "http" or "https" }, $"Servers must be ws://, wss://, http:// or https:// addresses; '{server}' is not.");
        Check(!string.IsNullOrWhiteSpace(Name), "Name must not be empty.");
        Check(Within(MaxReconnectDelay), "MaxReconnectDelay must be from 1 ms to one hour.");
        Check(Within(ReconnectDelay) && ReconnectDelay <= MaxReconnectDelay, "ReconnectDelay must be from 1 ms to MaxReconnectDelay.");
        Check(Within(ConnectTimeout), "ConnectTimeout must be from 1 ms to one hour.");
        Check(Within(AnswerTimeout), "AnswerTimeout must be from 1 ms to one hour.");
        Check(MaxPendingSends is >= 1 and <= 10_000, "MaxPendingSends must be from 1 to 10,000.");
        Check(MessageBuffer is >= 100 and <= 100_000, "MessageBuffer must be from 100 to 100,000.");
        Check(MaxFrameBytes is >= 4_096 and <= 16_777_216, "MaxFrameBytes must be from 4,096 to 16,777,216.");
        Check(TimeProvider is not null, "TimeProvider must not be null.");
        if (failures.Count > 0)
            throw new ArgumentException(string.Join(' ', failures));

        void Check(bool holds, string failure)
        {
            if (!holds)
                failures.Add(failure);
        }

        static bool Within(TimeSpan time) => time >= TimeSpan.FromMilliseconds(1) && time <= TimeSpan.FromHours(1);
    }
}
