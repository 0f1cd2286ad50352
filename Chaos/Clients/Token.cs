using System.Text.Json.Nodes;

namespace ChitChatz.Chaos.Clients;

/// <summary>What a client reads in its token.</summary>
internal static class Token
{
    /// <summary>Who its holder is.</summary>
    public static string SubOf(string jwt)
    {
        var payload = jwt.Split('.')[1];
        return (string)JsonNode.Parse(Convert.FromBase64String(payload.PadRight((payload.Length + 3) / 4 * 4, '=')))!["sub"]!;
    }
}
