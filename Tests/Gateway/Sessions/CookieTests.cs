using ChitChatz.Tests.Support;

namespace ChitChatz.Tests.Gateway.Sessions;

/// <summary>The second tab of the first web client: it registers without a token, and the browser sends the first tab's as a cookie.</summary>
public sealed class CookieTests(SharedStandalone server)
{
    [Fact]
    public async Task Register_WithTheCookieOfTheSameHost_IsTheSameHolder()
    {
        Uri url = await server.WebSocketAsync();
        string name = SharedStandalone.Unique("ann");
        await using ChatClient first = await ChatClient.RegisterAsync(url, name);

        await using ChatClient second = await ConnectAsync(url, first.Jwt!, SameHost(url));
        await second.RegisterAsync(name);

        Assert.Equal((string?)first.Claims()["sub"], (string?)second.Claims()["sub"]);
        Assert.Equal(name, (string?)second.Claims()["name"]);
    }

    [Fact]
    public async Task Register_WithTheCookieAndNoOrigin_IsAStranger()
    {
        Uri url = await server.WebSocketAsync();
        string name = SharedStandalone.Unique("ann");
        await using ChatClient first = await ChatClient.RegisterAsync(url, name);

        await using ChatClient second = await ConnectAsync(url, first.Jwt!, origin: null);
        await second.AskToRegisterAsync(name);

        await second.ExpectErrorAsync("name_taken");
    }

    [Fact]
    public async Task Register_OfAnotherNameThanTheCookies_IsANewHolder()
    {
        Uri url = await server.WebSocketAsync();
        await using ChatClient first = await ChatClient.RegisterAsync(url, SharedStandalone.Unique("ann"));

        await using ChatClient second = await ConnectAsync(url, first.Jwt!, SameHost(url));
        await second.RegisterAsync(SharedStandalone.Unique("bob"));

        Assert.NotEqual((string?)first.Claims()["sub"], (string?)second.Claims()["sub"]);
    }

    [Fact]
    public async Task Register_OfSomebodysNameWithAnothersCookie_IsRefused()
    {
        Uri url = await server.WebSocketAsync();
        string name = SharedStandalone.Unique("bob");
        await using ChatClient ann = await ChatClient.RegisterAsync(url, SharedStandalone.Unique("ann"));
        await using ChatClient bob = await ChatClient.RegisterAsync(url, name);

        await using ChatClient third = await ConnectAsync(url, ann.Jwt!, SameHost(url));
        await third.AskToRegisterAsync(name);

        await third.ExpectErrorAsync("name_taken");
    }

    [Fact]
    public async Task Frame_WithTheCookieAlone_HasNoToken()
    {
        Uri url = await server.WebSocketAsync();
        await using ChatClient first = await ChatClient.RegisterAsync(url, SharedStandalone.Unique("ann"));

        await using ChatClient second = await ConnectAsync(url, first.Jwt!, SameHost(url));
        await second.SendAsync("get_room");

        await second.ExpectErrorAsync("no_token");
    }

    [Fact]
    public async Task Register_WithTheCookieSwitchedOff_IsAStranger()
    {
        await using StandaloneApp app = await StandaloneApp.StartAsync("--Gateway:CookieIdentity=false");
        await using ChatClient first = await ChatClient.RegisterAsync(app.WebSocket, "ann");

        await using ChatClient second = await ConnectAsync(app.WebSocket, first.Jwt!, SameHost(app.WebSocket));
        await second.AskToRegisterAsync("ann");

        await second.ExpectErrorAsync("name_taken");
    }

    private static string SameHost(Uri server) => $"http://{server.Authority}";

    private static Task<ChatClient> ConnectAsync(Uri server, string jwt, string? origin)
        => ChatClient.ConnectAsync(server, options =>
        {
            options.SetRequestHeader("Cookie", $"theme=dark; jwt={jwt}");
            if (origin is not null)
            {
                options.SetRequestHeader("Origin", origin);
            }
        });
}
