using ChitChatz.Tests.Support;

namespace ChitChatz.Tests.Gateway.Sessions;

/// <summary>Names that existing clients use, all the way: as a user's, as a room's, in the token, in the list.</summary>
public sealed class AcceptedNameTests(SharedStandalone server)
{
    public static TheoryData<string> Names =>
    [
        "user-3f2504e0-4f89-11d3-9a0c-0305e82c3301", "order:42", "a@b.c", "C++", "Q&A", "❤️", "می\u200Cخواهم", "کار\u200Cها", "trailing space ", "Zoë", "ab>?~", "日本",
    ];

    [Theory, MemberData(nameof(Names))]
    public async Task Name_WhenAccepted_IsKeptEverywhere(string asked)
    {
        Uri url = await server.WebSocketAsync();
        string name = asked.Trim();
        await using ChatClient ann = await ChatClient.RegisterAsync(url, asked);
        Assert.Equal(name, (string?)ann.Claims()["name"]);

        await ann.JoinAsync(asked);

        Assert.Equal((name, name), ((string?)ann.Claims()["name"], (string?)ann.Claims()["room"]));
        Assert.True(IsPlain(ann.Jwt!), "Plain atob gives the client something else than the claims");
        Assert.Equal(name, await ann.GetRoomAsync());
        await ann.ExpectRoomsAsync(rooms => rooms.Contains(name), $"a list with the room '{name}'");
        await ann.PostAsync(asked);
        Assert.Equal((name, asked), await ann.ExpectMessageAsync());
    }

    /// <summary>atob gives one character a byte, and knows neither '-' nor '_'.</summary>
    private static bool IsPlain(string jwt)
    {
        string payload = jwt.Split('.')[1];
        return !payload.AsSpan().ContainsAny('-', '_')
            && Convert.FromBase64String(payload.PadRight((payload.Length + 3) / 4 * 4, '=')).All(static one => one is >= 0x20 and < 0x7F);
    }
}
