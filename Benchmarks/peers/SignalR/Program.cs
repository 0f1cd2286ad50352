using ChitChatz.Benchmarks.SignalR;
using StackExchange.Redis;

var builder = WebApplication.CreateBuilder(args);
builder.Logging.ClearProviders();
var signalR = builder.Services.AddSignalR();
if (builder.Configuration["redis"] is { } redis)
    signalR.AddStackExchangeRedis(redis, static options => options.Configuration.ChannelPrefix = RedisChannel.Literal("chat"));

var app = builder.Build();
app.MapHub<ChatHub>("/chat");
app.Lifetime.ApplicationStarted.Register(() => Console.Out.WriteLine($"Ready on {string.Join(' ', app.Urls)}"));
app.Run();
