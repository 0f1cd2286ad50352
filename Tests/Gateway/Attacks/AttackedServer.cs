using System.Diagnostics.Metrics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChitChatz.Gateway.Connections;
using ChitChatz.Gateway.Limits;
using ChitChatz.Tests.Grains;
using ChitChatz.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace ChitChatz.Tests.Gateway.Attacks;

/// <summary>
/// One Standalone that is attacked, and two innocents who talk in a room of it. After each attack they must still be able to, and
/// nothing of the attacker may be left. The clock of the connections' deadlines can be set forward.
/// </summary>
public class AttackedServer : IAsyncLifetime
{
    /// <summary>The innocents' room.</summary>
    public const string Room = "lobby";

    private const string TcpConnections = "kestrel.active_connections";
    private const int Innocents = 2;

    private static readonly JsonSerializerOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ShiftedTime _time = new();
    private StandaloneApp? _app;
    private MeterLevels? _levels;
    private ChatClient? _ann;
    private ChatClient? _bob;
    private int _said;

    /// <summary>The command line of a server with settings of its own.</summary>
    protected virtual string[] Settings => [];

    /// <summary>Where it is.</summary>
    public Uri Url => App.WebSocket;

    internal StandaloneApp App => _app!;

    internal MeterLevels Levels => _levels!;

    internal ChatClient Ann => _ann!;

    internal ChatClient Bob => _bob!;

    public async ValueTask InitializeAsync()
    {
        _app = await StandaloneApp.StartAsync(
            builder => builder.Services.AddSingleton(services => ActivatorUtilities.CreateInstance<ConnectionServices>(services, _time)), Settings);
        _levels = new MeterLevels(_app.Services.GetRequiredService<IMeterFactory>());
        _ann = await ChatClient.RegisterAsync(Url, "ann");
        _bob = await ChatClient.RegisterAsync(Url, "bob");
        await _ann.JoinAsync(Room);
        await _bob.JoinAsync(Room);
    }

    public async ValueTask DisposeAsync()
    {
        await Ann.DisposeAsync();
        await Bob.DisposeAsync();
        Levels.Dispose();
        await App.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Sets the clock of the connections forward: deadlines end without a wait.</summary>
    public void Advance(int seconds) => _time.Advance(TimeSpan.FromSeconds(seconds));

    /// <summary>The innocents talk to each other, whatever the attacker does.</summary>
    public async Task TalkAsync()
    {
        string text = $"all is well {++_said}";
        await Ann.PostAsync(text);
        Assert.Equal(("ann", text), await Ann.ExpectMessageAsync());
        Assert.Equal(("ann", text), await Bob.ExpectMessageAsync());
    }

    /// <summary>Waits until the server has no connection but those of the innocents, and lets them talk.</summary>
    public async Task AssertUnharmedAsync()
    {
        await Levels.ReachAsync(TcpConnections, static open => open == Innocents, "the end of the attacker's connections");
        Assert.Equal(Innocents, App.Services.GetRequiredService<ConnectionRegistry>().Count);
        Assert.Equal(Innocents, App.Services.GetRequiredService<AddressLimits>().Total);
        Assert.Equal(Innocents, Levels["chitchatz.gateway.connections"]);
        await TalkAsync();
        Assert.False(Ann.HasUnread);
        Assert.False(Bob.HasUnread);
    }

    /// <summary>A connection of the attacker that has not said anything yet.</summary>
    internal Task<RawWebSocket> StrangerAsync(int? receiveBuffer = null) => RawWebSocket.ConnectAsync(Url, receiveBuffer: receiveBuffer);

    /// <summary>A connection of the attacker, registered and in the innocents' room.</summary>
    internal async Task<RawWebSocket> MemberAsync(int? receiveBuffer = null)
    {
        RawWebSocket socket = await StrangerAsync(receiveBuffer);
        await socket.EnterAsync(SharedStandalone.Unique("eve"), Room);
        return socket;
    }

    /// <summary>A masked text frame with an event.</summary>
    internal static byte[] Frame(string @event, string? jwt, string? data = null) => RawWebSocket.Frame(0x81, Json(@event, jwt, data));

    /// <summary>An event, as a frame carries it.</summary>
    internal static byte[] Json(string @event, string? jwt, string? data = null)
    {
        JsonObject frame = new() { ["event"] = @event };
        if (jwt is not null)
        {
            frame["jwt"] = jwt;
        }

        if (data is not null)
        {
            frame["data"] = data;
        }

        return Encoding.UTF8.GetBytes(frame.ToJsonString(s_plain));
    }
}
