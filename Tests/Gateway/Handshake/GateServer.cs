using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net.WebSockets;
using ChitChatz.Gateway;
using ChitChatz.Gateway.Handshake;
using ChitChatz.Gateway.Identity;
using ChitChatz.Gateway.Limits;
using ChitChatz.Tests.Gateway.Identity;
using ChitChatz.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace ChitChatz.Tests.Gateway.Handshake;

/// <summary>A real server on loopback that has the gate, and behind it a handshake that answers with what the gate found out.</summary>
internal sealed class GateServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TemporaryFolder _data = new();

    private GateServer((string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(settings.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value)));
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().AddProvider(Log);
        builder.Services.AddChitChatzLimits().AddChitChatzHandshake().AddChitChatzIdentity(_ => _data.Path);
        builder.Services.AddSingleton<GatewayInstruments>();
        _app = builder.Build();
        Levels = new MeterLevels(_app.Services.GetRequiredService<IMeterFactory>());
        _app.UseWebSockets();
        _app.UseChitChatzHandshake();
        _app.Run(async context =>
        {
            if (!context.WebSockets.IsWebSocketRequest)
                return;
            var found = context.Features.Get<HandshakeResult>()!;
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            var text = $"{context.Connection.RemoteIpAddress} {context.Request.Host.Host} {context.Request.Scheme} {found.Origin} {(found.Lease.IsExempt ? "exempt" : "counted")}";
            await socket.SendAsync(System.Text.Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, context.RequestAborted);
            await socket.ReceiveAsync(new byte[100], context.RequestAborted);
        });
    }

    public Recorder Log { get; } = new();

    public MeterLevels Levels { get; }

    public Uri Address => new(_app.Urls.Single());

    public AddressLimits Limits => _app.Services.GetRequiredService<AddressLimits>();

    public TokenService Tokens => _app.Services.GetRequiredService<TokenService>();

    public static async Task<GateServer> Start(params (string Key, string Value)[] settings)
    {
        var server = new GateServer(settings);
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    /// <summary>Shakes hands and returns what the gate found out, with the socket still open.</summary>
    public async Task<(string Found, ClientWebSocket Socket)> Connect(params (string Name, string Value)[] headers)
    {
        var socket = new ClientWebSocket();
        foreach (var (name, value) in headers)
            socket.Options.SetRequestHeader(name, value);
        await socket.ConnectAsync(new UriBuilder(Address) { Scheme = "ws" }.Uri, TestContext.Current.CancellationToken);
        var buffer = new byte[1000];
        var received = await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
        return (System.Text.Encoding.UTF8.GetString(buffer, 0, received.Count), socket);
    }

    /// <summary>Asks for a handshake with a plain client, which shows the answer when it is refused.</summary>
    public async Task<HttpResponseMessage> Ask(params (string Name, string Value)[] headers)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, Address);
        (string, string)[] upgrade = [("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"), ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")];
        foreach (var (name, value) in upgrade.Concat(headers))
            request.Headers.TryAddWithoutValidation(name, value);
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Levels.Dispose();
        _data.Dispose();
    }

    internal sealed class Recorder : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Warnings { get; } = new();

        // The server's own complaints about sockets that a test drops are not ours.
        public ILogger CreateLogger(string categoryName) => categoryName.StartsWith("ChitChatz.", StringComparison.Ordinal) ? this : NullLogger.Instance;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel >= LogLevel.Warning)
                Warnings.Enqueue(formatter(state, exception));
        }

        public void Dispose()
        {
        }
    }
}
