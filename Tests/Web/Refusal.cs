using System.Text.Json;
using Microsoft.Playwright;

namespace ChitChatz.Tests.Web;

/// <summary>Stands between a page and its server, in the browser, and says to the page what the server of these tests has no reason to say.</summary>
/// <param name="asked">The event that it refuses.</param>
/// <param name="code">With which code.</param>
/// <param name="retry">Whether it may be asked again, after a tenth of a second.</param>
public sealed class Refusal(string asked, string code, bool retry)
{
    /// <summary>What is refused is answered with this.</summary>
    public const string Reason = "This text is longer than the server takes.";

    private volatile IWebSocketRoute? _socket;
    private volatile bool _refuses;
    private volatile int _refused;

    /// <summary>How often it has.</summary>
    public int Refused => _refused;

    /// <summary>A server with a lower limit for messages, from the first on.</summary>
    public static Refusal OfMessages()
    {
        Refusal refusal = new("message", "text_too_long", retry: false);
        refusal.Begin();
        return refusal;
    }

    /// <summary>From now on it is refused.</summary>
    public void Begin() => _refuses = true;

    /// <summary>From now on it goes through.</summary>
    public void End() => _refuses = false;

    /// <summary>Ends the page's connection as a server does that does not want it back.</summary>
    public Task CloseAsync() => _socket!.CloseAsync(new() { Code = 1008, Reason = "Too many violations" });

    /// <summary>Serves a connection of the page.</summary>
    public void Serve(IWebSocketRoute socket)
    {
        _socket = socket;
        var server = socket.ConnectToServer();
        socket.OnMessage(frame =>
        {
            if (!_refuses || IdOf(frame.Text!) is not { } id)
            {
                server.Send(frame.Text!);
                return;
            }

            Interlocked.Increment(ref _refused);
            socket.Send(JsonSerializer.Serialize(new { @event = "error", id, data = new[] { Reason }, code, retry, retry_after_ms = retry ? 100 : 0 }));
        });
    }

    private string? IdOf(string frame)
    {
        using var parsed = JsonDocument.Parse(frame);
        return parsed.RootElement.GetProperty("event").GetString() == asked ? parsed.RootElement.GetProperty("id").GetString() : null;
    }
}
