using ChitChatz.Tests.Processes;
using ChitChatz.Tests.Support;
using Xunit;

namespace ChitChatz.Tests.Hosting;

/// <summary>What <c>dotnet publish</c> made, from the folder in <c>CHITCHATZ_PUBLISHED</c>; <c>.ci/run</c> publishes it and sets that.</summary>
public sealed class PublishedTests : IAsyncDisposable
{
    private static readonly string? Published = Environment.GetEnvironmentVariable("CHITCHATZ_PUBLISHED");
    private readonly Deployment _service = new();

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Theory]
    [InlineData("Silo")]
    [InlineData("Gateway")]
    [InlineData("Standalone")]
    public void Output_WhenPublished_HasOneSettingsFileAndNoLoosePage(string name)
    {
        var files = Directory.GetFiles(Folder(name), "*", SearchOption.AllDirectories);

        Assert.Single(files, file => Path.GetFileName(file).StartsWith("appsettings", StringComparison.Ordinal));
        Assert.DoesNotContain(files, file => file.EndsWith(".html", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Standalone_WhenPublished_ServesThePageFromAnyWorkingDirectory()
    {
        await using var process = ProcessHost.Start("Standalone", [.. _service.CommonArgs, "--urls", _service.Address.ToString()], folder: Folder("Standalone"));
        await process.ReadyAsync();
        using var http = new HttpClient { BaseAddress = _service.Address };

        var page = await http.GetStringAsync("/", TestContext.Current.CancellationToken);

        Assert.Contains("<!doctype html>", page, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(0, await process.StopAsync());
    }

    [Fact]
    public async Task Standalone_WhenPublished_CarriesAConversation()
    {
        await using var process = ProcessHost.Start("Standalone", [.. _service.CommonArgs, "--urls", _service.Address.ToString()], folder: Folder("Standalone"));
        await process.ReadyAsync();
        await using var ann = await ChatClient.RegisterAsync(_service.WebSocket, "Ann");
        await using var bob = await ChatClient.RegisterAsync(_service.WebSocket, "Bob");

        await ann.JoinAsync("lobby");
        await bob.ExpectRoomsAsync(rooms => rooms.SequenceEqual(["lobby"]), "the list with Ann's room");
        await bob.JoinAsync("lobby");
        await ann.PostAsync("good morning");
        foreach (var member in new[] { ann, bob })
            Assert.Equal(("Ann", "good morning"), await member.ExpectMessageAsync());
        await bob.PostAsync("and to you");
        foreach (var member in new[] { ann, bob })
            Assert.Equal(("Bob", "and to you"), await member.ExpectMessageAsync());
        await ann.LeaveAsync();
        Assert.Null(await ann.GetRoomAsync());
        await bob.LeaveAsync();
        await ann.ExpectRoomsAsync(rooms => rooms.Length == 0, "the list without the empty room");

        Assert.Equal(0, await process.StopAsync());
        Assert.Equal((1012, 1012), ((await Deadline.Within(ann.Closed, "Ann's close")).Status, (await Deadline.Within(bob.Closed, "Bob's close")).Status));
    }

    private static string Folder(string name)
    {
        Assert.SkipWhen(string.IsNullOrEmpty(Published), "CHITCHATZ_PUBLISHED does not say where the published executables are.");
        return Path.Combine(Published!, name);
    }
}
