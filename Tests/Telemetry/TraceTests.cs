using System.Diagnostics;
using ChitChatz.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Trace;

namespace ChitChatz.Tests.Telemetry;

/// <summary>One trace follows a message from the frame that brought it to the frames that take it out.</summary>
[Collection(TelemetryCollection.Name)]
public sealed class TraceTests
{
    private static readonly string[] s_way = ["message", "post", "IRoomGrain/Post", "IRoomGrain/Post", "append", "commit", "push", "fan out", "write", "write"];

    [Fact]
    public async Task Message_InOneProcess_IsOneTraceFromFrameToFrames()
    {
        await using Collector collector = await Collector.StartAsync();
        SpanRecorder spans = new();
        await using (StandaloneApp app = await StandaloneApp.StartAsync(builder => Record(builder.Services, spans), collector.Settings))
        {
            await TalkAsync(app.WebSocket);
            AssertIsTheWay(await spans.TraceAsync(IsTheWay));
        }

        Assert.Contains(collector.Requests, static request => request.Path == "/v1/traces" && request.Body.Contains("fan out", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Message_ThroughGatewayAndSilo_IsOneTraceFromFrameToFrames()
    {
        await using Collector collector = await Collector.StartAsync();
        SpanRecorder spans = new();
        await using SplitApp app = await SplitApp.StartAsync(services => Record(services, spans), collector.Settings);
        await TalkAsync(app.WebSocket);

        AssertIsTheWay(await spans.TraceAsync(IsTheWay));
    }

    [Fact]
    public async Task Messages_OfOneBatch_ArePostedInTheTraceOfTheFirstWithLinksToTheOthers()
    {
        await using Collector collector = await Collector.StartAsync();
        SpanRecorder spans = new();
        await using StandaloneApp app = await StandaloneApp.StartAsync(builder => Record(builder.Services, spans), collector.Settings);
        await using ChatClient ann = await ChatClient.RegisterAsync(app.WebSocket, "ann");
        await ann.JoinAsync("room");
        for (int i = 0; i < 200; i++)
        {
            await ann.PostAsync("one of many");
        }

        Activity[] trace = await spans.TraceAsync(static trace => trace.Any(static span => span.DisplayName == "post" && span.Links.Any()));

        ActivityLink link = trace.First(static span => span.DisplayName == "post" && span.Links.Any()).Links.First();
        Activity[] linked = await spans.TraceAsync(other => other.Any(span => span.Context.SpanId == link.Context.SpanId));
        Assert.Contains(linked.Single(static span => span.DisplayName == "message").Links, back => trace.Any(span => span.SpanId == back.Context.SpanId));
    }

    [Fact]
    public async Task Message_WhenTheSamplerTakesNone_LeavesNoSpan()
    {
        await using Collector collector = await Collector.StartAsync();
        SpanRecorder spans = new();
        await using StandaloneApp app = await StandaloneApp.StartAsync(
            builder => Record(builder.Services, spans), [.. collector.Settings, "--OTEL_TRACES_SAMPLER=always_off"]);
        await TalkAsync(app.WebSocket);
        Assert.Empty(spans.Spans);
    }

    private static void Record(IServiceCollection services, SpanRecorder spans) =>
        services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddProcessor(spans));

    private static async Task TalkAsync(Uri server)
    {
        await using ChatClient ann = await ChatClient.RegisterAsync(server, "ann");
        await using ChatClient bob = await ChatClient.RegisterAsync(server, "bob");
        await ann.JoinAsync("room");
        await bob.JoinAsync("room");
        await ann.PostAsync("hello");
        await ann.ExpectMessageAsync();
        await bob.ExpectMessageAsync();
    }

    private static bool IsTheWay(Activity[] trace) =>
        trace.Select(static span => span.DisplayName).Order(StringComparer.Ordinal).SequenceEqual(s_way.Order(StringComparer.Ordinal));

    private static void AssertIsTheWay(Activity[] trace)
    {
        Activity One(string name, ActivityKind kind) => trace.Single(span => span.DisplayName == name && span.Kind == kind);

        Activity message = One("message", ActivityKind.Server);
        Activity post = One("post", ActivityKind.Internal);
        Activity call = One("IRoomGrain/Post", ActivityKind.Client);
        Activity turn = One("IRoomGrain/Post", ActivityKind.Server);
        Activity append = One("append", ActivityKind.Internal);
        Activity push = One("push", ActivityKind.Producer);
        Activity fanOut = One("fan out", ActivityKind.Consumer);
        Assert.Equal(default, message.ParentSpanId);
        Assert.Equal(message.SpanId, post.ParentSpanId);
        Assert.Equal(post.SpanId, call.ParentSpanId);
        Assert.Equal(call.SpanId, turn.ParentSpanId);
        Assert.Equal(turn.SpanId, append.ParentSpanId);
        Assert.Equal(append.SpanId, One("commit", ActivityKind.Internal).ParentSpanId);
        Assert.Equal(append.SpanId, push.ParentSpanId);
        Assert.Equal(push.SpanId, fanOut.ParentSpanId);
        Assert.All(trace.Where(static span => span.DisplayName == "write"), write => Assert.Equal(fanOut.SpanId, write.ParentSpanId));
        Assert.Equal("stored", message.GetTagItem("chitchatz.outcome"));
    }
}
