using System.ComponentModel;
using System.Security.Cryptography;
using ChitChatz.Client;
using Spectre.Console;
using Spectre.Console.Cli;

namespace ChitChatz.Cli.Commands;

/// <summary>Who goes where: the options of every command.</summary>
internal class ServerSettings : CommandSettings
{
    private const string DefaultServer = "ws://localhost:3000";

    [CommandOption("-s|--server <URL>")]
    [Description("A gateway's address: ws://, wss://, http:// or https://. May be given several times; then the next one is tried when one goes. Without it the variable CHITCHATZ_SERVER (several parted by spaces), or else ws://localhost:3000")]
    public string[] Servers { get; init; } = [];

    [CommandOption("-n|--name <NAME>")]
    [Description("The name to go by. Without it the variable CHITCHATZ_NAME, or else guest- and a random number")]
    public string? Name { get; init; }

    public override ValidationResult Validate() =>
        Addresses().FirstOrDefault(static address => !Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("ws" or "wss" or "http" or "https")) is { } wrong
            ? ValidationResult.Error($"'{wrong}' is not an address such as {DefaultServer}.")
            : ValidationResult.Success();

    /// <summary>A client that has not connected yet.</summary>
    public ChatClient CreateClient()
    {
        ChatClientOptions options = new() { Name = Name ?? Variable("CHITCHATZ_NAME") ?? $"guest-{RandomNumberGenerator.GetInt32(100_000_000, 1_000_000_000)}" };
        foreach (var address in Addresses())
            options.Servers.Add(new Uri(address));
        return new ChatClient(options);
    }

    private string[] Addresses() => Servers.Length > 0 ? Servers : (Variable("CHITCHATZ_SERVER") ?? DefaultServer).Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
