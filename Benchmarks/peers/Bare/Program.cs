using ChitChatz.Benchmarks.Bare;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
var app = builder.Build();
app.UseWebSockets();

Tokens tokens = new();
Rooms rooms = new();
app.Run(async context =>
{
    if (!context.WebSockets.IsWebSocketRequest)
        return;

    using var socket = await context.WebSockets.AcceptWebSocketAsync();
    await new Connection(socket, tokens, rooms, context.Abort).RunAsync(context.RequestAborted);
});
app.Lifetime.ApplicationStarted.Register(() => Console.Out.WriteLine($"Ready on {string.Join(' ', app.Urls)}"));
app.Run();
