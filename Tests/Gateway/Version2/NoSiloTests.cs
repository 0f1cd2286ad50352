using System.Text.Json.Nodes;
using ChitChatz.Tests.Processes;
using ChitChatz.Tests.Support;

namespace ChitChatz.Tests.Gateway.Version2;

/// <summary>A gateway without any silo tells its clients so, and when to ask again; what they repeat then is stored once.</summary>
public sealed class NoSiloTests : IAsyncDisposable
{
    private readonly Deployment _service = new();

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task Requests_WhenTheLastSiloWasKilled_AreUnavailableUntilAnotherIsThere()
    {
        ProcessHost silo = _service.Start("Silo");
        await silo.ReadyAsync();
        ProcessHost gateway = _service.Start("Gateway");
        await gateway.ReadyAsync();
        await using ChatClient2 ann = await ChatClient2.RegisterAsync(_service.WebSocket, "Ann");
        JsonObject entered = await ann.JoinAsync("lounge");
        await silo.KillAsync();

        await ann.Connection.SendRawAsync("""{"event":"message","id":"again","data":"is anybody there?"}""");
        JsonObject[] answers = [await ann.AskAsync(new() { ["event"] = "get_members" }), await ann.AnswerAsync("again")];

        Assert.All(answers, static answer =>
        {
            Assert.Equal(("error", "unavailable", true), ((string?)answer["event"], (string?)answer["code"], (bool?)answer["retry"]));
            Assert.InRange((int)answer["retry_after_ms"]!, 1, 60_000);
        });
        await _service.Start("Silo").ReadyAsync();
        await gateway.LineAsync("is back");
        JsonObject stored = await ann.PostAsync("is anybody there?", id: "again");
        Assert.Equal("ack", (string?)stored["event"]);
        Assert.Equal((long)entered["head"]! + 1, (long)stored["data"]!["seq"]!);
    }
}
