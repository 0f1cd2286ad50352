using System.Buffers.Text;
using System.Text.Json;
using ChitChatz.Client.Wire;

namespace ChitChatz.Client.Connections;

/// <summary>Who the client is: its newest token and what that says. Kept under the client's lock.</summary>
internal sealed class Identity(TimeProvider time)
{
    private long _receivedAt;

    /// <summary>The newest token.</summary>
    public string? Token { get; private set; }

    /// <summary>The person (<c>sub</c>).</summary>
    public string? User { get; private set; }

    /// <summary>How long the token counts, from its issue; zero when it does not say.</summary>
    public TimeSpan Lifetime { get; private set; }

    /// <summary>Whether the token may do alone, without a register. By the time since it came: the two clocks may differ.</summary>
    public bool IsFresh => Token is not null && time.GetElapsedTime(_receivedAt) < Lifetime;

    /// <summary>A token from before this client, of which nobody knows how old it is: it proves who one is, to a register.</summary>
    public void Begin(string token) => Token = token;

    /// <summary>Takes a newer token. True when it is another person's: the server did not know the old one any more.</summary>
    /// <exception cref="InvalidDataException">It is no token.</exception>
    public bool Take(string token)
    {
        var parts = token.Split('.');
        if (parts.Length != 3)
            throw new InvalidDataException("A token is not a JWT.");
        string user;
        try
        {
            using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1]));
            user = claims.RootElement.Text("sub");
            var seconds = claims.RootElement.IntegerOrNull("exp") - claims.RootElement.IntegerOrNull("iat");
            Lifetime = TimeSpan.FromSeconds(Math.Clamp(seconds ?? 0, 0, 86_400 * 365));
        }
        catch (Exception exception) when (exception is JsonException or FormatException)
        {
            // Without the reason, which quotes them.
            throw new InvalidDataException("A token's claims are not JSON.");
        }

        var changed = User is not null && User != user;
        (Token, User, _receivedAt) = (token, user, time.GetTimestamp());
        return changed;
    }
}
