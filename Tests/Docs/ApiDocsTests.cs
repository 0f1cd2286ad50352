using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ChitChatz.Protocol;
using ChitChatz.Tests.Support;

namespace ChitChatz.Tests.Docs;

/// <summary>Holds docs/api and the code of the protocol together.</summary>
public sealed partial class ApiDocsTests
{
    private static readonly Document Client = Document.Read("docs/api/client-api.md");
    private static readonly Document Server = Document.Read("docs/api/server-api.md");

    /// <summary>All names of events that are in the code.</summary>
    private static readonly string[] Events =
        [.. typeof(EventNames).GetFields(BindingFlags.Public | BindingFlags.Static).Select(static field => (string)field.GetRawConstantValue()!)];

    public static TheoryData<string> ClientEvents => [.. Client.NamedSections()];

    [Fact]
    public void ClientEvents_WhenDocumented_AreThoseThatTheReaderKnows()
    {
        Assert.Equal(Enum.GetNames<ClientEvent>().Select(Spelled).Order(), Client.NamedSections().Order());
        Assert.Equal(Client.NamedSections().Order(), FirstTable(Client).Select(static row => Document.Code(row[0])).Order());
    }

    [Fact]
    public void ServerEvents_WhenDocumented_AreThoseThatTheWriterWrites() =>
        Assert.Equal(
            typeof(FrameWriter).GetMethods(BindingFlags.Public | BindingFlags.Static).Select(static method => Spelled(method.Name)).Distinct().Order(),
            Server.NamedSections().Order());

    [Theory, MemberData(nameof(ClientEvents))]
    public void ClientFrames_WhenShown_AreAcceptedByTheReader(string section)
    {
        var frames = Client.Fenced($"`{section}`", "json");
        Assert.NotEmpty(frames);
        Assert.All(frames, line =>
        {
            Assert.Null(EventReader.Read(Encoding.UTF8.GetBytes(line), 8_000, out var frame, version2: true));
            Assert.Equal(section, Spelled(frame.Event.ToString()));
        });
    }

    [Fact]
    public void ServerFrames_WhenShown_AreOfTheirSection() =>
        Assert.All(Server.NamedSections(), section =>
        {
            var frames = Server.Fenced($"`{section}`", "json");
            Assert.NotEmpty(frames);
            Assert.All(frames, line => Assert.Equal(section, (string?)JsonNode.Parse(line)!["event"]));
        });

    [Fact]
    public void ErrorCodes_WhenDocumented_AreTheTableOfTheCode() =>
        Assert.Equal(
            ErrorCodes.All.Select(static code => (code.Name, code.Message, YesNo(code.Retry), YesNo(code.Violation))),
            Server.Table("Error codes").Select(static row => (Document.Code(row[0]), row[1], row[2], row[3])));

    [Fact]
    public void CloseCodes_WhenDocumented_AreTheTableOfTheCode() =>
        Assert.Equal(
            CloseCodes.All.Select(static code => ($"{code.Status}", code.Reason, YesNo(code.Reconnect))),
            Server.Table("Close codes").Select(static row => (row[0], row[1], row[2])));

    [Theory]
    [InlineData("docs/api/README.md")]
    [InlineData("docs/api/client-api.md")]
    [InlineData("docs/api/server-api.md")]
    [InlineData("docs/api/dotnet-client.md")]
    [InlineData("README.md")]
    public void Frames_WhenShownAnywhere_NameNothingThatDoesNotExist(string path)
    {
        var text = Document.Read(path).Text;

        Assert.Empty(EventOf().Matches(text).Select(static match => match.Groups[1].Value).Except([.. Events, "name"])); // "name" stands for all in the envelope
        Assert.Empty(CodeOf().Matches(text).Select(static match => match.Groups[1].Value).Except(ErrorCodes.All.Select(static code => code.Name)));
    }

    [Fact]
    public async Task FirstConversation_WhenPlayed_GoesAsDocumented()
    {
        await using StandaloneApp app = await StandaloneApp.StartAsync();
        await using ChatClient client = await ChatClient.ConnectAsync(app.WebSocket);
        foreach (var line in Document.Read("docs/api/README.md").Fenced("A first conversation", "text"))
        {
            if (line.StartsWith("> ", StringComparison.Ordinal))
            {
                await client.SendRawAsync(line[2..].Replace("TOKEN", client.Jwt, StringComparison.Ordinal));
                continue;
            }

            var wanted = JsonNode.Parse(line[2..])!.AsObject();
            if ((string?)wanted["event"] == "rooms")
            {
                await client.ExpectRoomsAsync(rooms => JsonNode.DeepEquals(wanted["data"], new JsonArray([.. rooms.Select(static room => (JsonNode)room)])), line);
                continue;
            }

            var frame = await client.ExpectAsync((string)wanted["event"]!);
            if (frame.ContainsKey("jwt"))
                frame["jwt"] = "TOKEN";
            Assert.Equal(wanted.ToJsonString(), frame.ToJsonString());
        }

        Assert.Equal(1000, (await Deadline.Within(client.Closed, "the server's close")).Status);
    }

    private static string YesNo(bool value) => value ? "yes" : "no";

    /// <summary>GetRoom as it is spelled on the wire: get_room.</summary>
    private static string Spelled(string name) => Capital().Replace(name, "_$0").TrimStart('_').ToLowerInvariant();

    private static string[][] FirstTable(Document document) =>
        [.. document.Text.Split('\n')
            .SkipWhile(static line => !line.StartsWith("|---", StringComparison.Ordinal))
            .Skip(1)
            .TakeWhile(static line => line.StartsWith('|'))
            .Select(static line => line.Trim('|').Split('|').Select(static cell => cell.Trim()).ToArray())];

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Capital();

    [GeneratedRegex("\"?event\"?: ?\"([^\"]*)\"")]
    private static partial Regex EventOf();

    [GeneratedRegex("\"code\": ?\"([^\"]*)\"")]
    private static partial Regex CodeOf();
}
