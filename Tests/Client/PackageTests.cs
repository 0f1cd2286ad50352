using System.Text.Json.Nodes;
using System.Xml.Linq;
using ChitChatz.Client;
using ChitChatz.Tests.Deploy;
using Deadline = ChitChatz.Tests.Support.Deadline;
using SharedStandalone = ChitChatz.Tests.Support.SharedStandalone;

namespace ChitChatz.Tests.Client;

/// <summary>The packages as somebody else uses them: from a folder, by one reference, in a project that knows nothing of this repository.</summary>
public sealed class PackageTests(SharedStandalone shared) : IDisposable
{
    private const string Program = """
        using ChitChatz.Client;

        await using var client = new ChatClient(args[0], "consumer");
        await using var room = await client.JoinAsync("packages");
        var receipt = await room.SendAsync("hello from a package");
        await foreach (var message in room.ReadMessagesAsync())
        {
            Console.WriteLine($"{message.From} at {message.Position == receipt.Position}: {message.Text}");
            break;
        }

        try
        {
            await room.SendAsync(new string('x', 8_001));
        }
        catch (ChatException refusal) when (refusal.Code == ChitChatz.Protocol.ErrorCodes.TextTooLong.Name)
        {
            Console.WriteLine("too long");
        }
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("chitchatz-package-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Client_WhenReferencedFromAFolder_BuildsAndTalks()
    {
        await PackAsync("Client");
        File.WriteAllText(In("consumer/Program.cs"), Program);
        new XDocument(
            new XElement(
                "Project",
                new XAttribute("Sdk", "Microsoft.NET.Sdk"),
                new XElement("PropertyGroup", new XElement("OutputType", "Exe"), new XElement("TargetFramework", "net10.0"), new XElement("ImplicitUsings", "enable"), new XElement("TreatWarningsAsErrors", "true"), new XElement("WarningsNotAsErrors", "NU1900;NU1901;NU1902;NU1903;NU1904")),
                new XElement("ItemGroup", new XElement("PackageReference", new XAttribute("Include", "ChitChatz.Client"), new XAttribute("Version", "*"))))).Save(In("consumer/consumer.csproj"));

        await DotNetCommand.RunAsync(["build", In("consumer"), "-o", In("built"), "--configfile", Sources()], Packages());
        var output = await DotNetCommand.RunAsync([In("built/consumer.dll"), (await shared.WebSocketAsync()).ToString()]);

        Assert.Equal(["consumer at True: hello from a package", "too long"], output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(["ChitChatz.Client", "Microsoft.Extensions.DependencyInjection.Abstractions", "Microsoft.Extensions.Logging.Abstractions"], Restored());
    }

    [Fact]
    public async Task Cli_WhenInstalledFromAFolder_Talks()
    {
        await PackAsync("Cli");
        await DotNetCommand.RunAsync(["tool", "install", "ChitChatz.Cli", "--tool-path", In("tools"), "--configfile", Sources()], Packages());
        var tool = In("tools/chitchatz");

        await DotNetCommand.RunProgramAsync(tool, ["send", "tools", "hello from a tool", "--server", (await shared.WebSocketAsync()).ToString()]);
        Assert.Contains("hello from a tool", await DotNetCommand.RunProgramAsync(tool, ["history", "tools", "--server", (await shared.WebSocketAsync()).ToString()]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task EchoBot_WhenRun_Echoes()
    {
        var server = (await shared.WebSocketAsync()).ToString();
        await using ProcessHost bot = ProcessHost.Start("EchoBot", [server]);
        await using ChatClient ann = new(server, "echo's friend");
        await using var room = await ann.JoinAsync("lobby", cancellationToken: TestContext.Current.CancellationToken);
        await BotIsHereAsync(room);
        await room.SendAsync("!echo hello", cancellationToken: TestContext.Current.CancellationToken);
        await foreach (var message in room.ReadMessagesAsync(TestContext.Current.CancellationToken))
        {
            if (message.From != "echo")
                continue;
            Assert.Equal("echo's friend says: hello", message.Text);
            break;
        }
    }

    private static async Task BotIsHereAsync(ChatRoom room)
    {
        TaskCompletionSource here = new(TaskCreationOptions.RunContinuationsAsynchronously);
        room.PresenceChanged += (_, presence) =>
        {
            if (presence is { Kind: ChatPresenceKind.Joined, Name: "echo" })
                here.TrySetResult();
        };
        if ((await room.GetMembersAsync(TestContext.Current.CancellationToken)).Names.Contains("echo"))
            here.TrySetResult();
        await Deadline.Within(here.Task, "the bot");
    }

    private Task<string> PackAsync(string project) =>
        DotNetCommand.RunAsync(["pack", project, "-c", DotNetCommand.Configuration, "--no-build", "-o", In("feed")]);

    /// <summary>The feed is the folder and nothing else: what the packages need otherwise, this build has restored already.</summary>
    private string Sources()
    {
        new XDocument(
            new XElement(
                "configuration",
                new XElement("packageSources", new XElement("clear"), Add("folder", In("feed"))),
                new XElement("fallbackPackageFolders", new XElement("clear"), Add("restored", RestoredFolder())))).Save(In("nuget.config"));
        return In("nuget.config");

        static XElement Add(string key, string value) => new("add", new XAttribute("key", key), new XAttribute("value", value));
    }

    /// <summary>Packages of our own are unpacked apart: the next build's have the same version.</summary>
    private Dictionary<string, string> Packages() => new() { ["NUGET_PACKAGES"] = In("packages") };

    private IEnumerable<string> Restored() =>
        JsonNode.Parse(File.ReadAllText(In("consumer/obj/project.assets.json")))!["libraries"]!.AsObject().Select(static library => library.Key.Split('/')[0]).Order(StringComparer.Ordinal);

    private static string RestoredFolder() => Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } folder
        ? folder
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private string In(string path)
    {
        var full = Path.Combine(_folder.FullName, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        return full;
    }
}
