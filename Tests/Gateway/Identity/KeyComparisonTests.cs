using System.Net;
using System.Text.Json.Nodes;
using ChitChatz.Gateway.Identity;
using ChitChatz.Hosting.Health;
using ChitChatz.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace ChitChatz.Tests.Gateway.Identity;

/// <summary>Gateways of one cluster with different secrets are told apart, and those whose secrets are changed in order are not.</summary>
public sealed class KeyComparisonTests
{
    private const string Old = TokenTestBed.Secret;
    private const string New = "Zk1uQwE7rT9yU3iO5pA2sD4fG6hJ8kL0zX1cV3bN5mQ=";

    private static readonly HttpClient s_http = new();

    [Fact]
    public async Task Ready_WhenAGatewayHasAnotherSecret_WarnsAndStaysReady()
    {
        await using StandaloneApp app = await StandaloneApp.StartAsync($"--Jwt:Secret={Old}");
        await using (GatewayApp stranger = await GatewayApp.StartAsync(app, $"--Jwt:Secret={New}"))
        {
            await CompareAsync(stranger.Services, app.Services);
            Assert.Contains("This gateway and 1 of the cluster's refuse each other's tokens", Assert.Single(await WarningsAsync(app)), StringComparison.Ordinal);
            Assert.NotNull(stranger.Services.GetRequiredService<KeyComparison>().Warning);
        }

        // Its lease was given back.
        await CompareAsync(app.Services);
        Assert.Empty(await WarningsAsync(app));
    }

    [Fact]
    public async Task Ready_WhenAGatewayIsOneStepAhead_WarnsOfNothing()
    {
        await using StandaloneApp app = await StandaloneApp.StartAsync($"--Jwt:Secret={Old}");
        await using GatewayApp ahead = await GatewayApp.StartAsync(app, $"--Jwt:Secret={Old}", $"--Jwt:PreviousSecrets:0={New}");

        await CompareAsync(ahead.Services, app.Services);

        Assert.Empty(await WarningsAsync(app));
    }

    /// <summary>As docs/operations.md says: each step on one gateway at a time, so two neighbours of this list are in a cluster together.</summary>
    [Fact]
    public void Match_WhileTheSecretIsChangedInOrder_HoldsAtEachStep()
    {
        (string Secret, string[] Previous)[] steps = [(Old, []), (Old, [New]), (New, [Old]), (New, [])];
        for (int step = 1; step < steps.Length; step++)
        {
            using TokenTestBed before = Bed(steps[step - 1]);
            using TokenTestBed after = Bed(steps[step]);
            Assert.True(before.Keys.Names.Match(after.Keys.Names), $"Step {step} separates gateways.");
        }

        using TokenTestBed first = Bed(steps[0]);
        using TokenTestBed hasty = Bed(steps[2]);
        Assert.False(first.Keys.Names.Match(hasty.Keys.Names));
    }

    private static TokenTestBed Bed((string Secret, string[] Previous) step) => new(settings => (settings.Secret, settings.PreviousSecrets) = step);

    private static async Task CompareAsync(params IServiceProvider[] gateways)
    {
        foreach (IServiceProvider gateway in gateways)
            await gateway.GetRequiredService<KeyComparison>().CompareAsync();
    }

    /// <summary>The warnings of a gateway that is ready all the same.</summary>
    private static Task<string[]> WarningsAsync(StandaloneApp app)
    {
        Uri ready = new(app.Services.GetRequiredService<ManagementServer>().Address!, "/health/ready");
        return Deadline.Within(AskAsync(), "that the gateway is ready");

        async Task<string[]> AskAsync()
        {
            while (true)
            {
                using HttpResponseMessage response = await s_http.GetAsync(ready, TestContext.Current.CancellationToken);
                if (response.StatusCode == HttpStatusCode.OK)
                {
                    JsonNode answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
                    return [.. answer["warnings"]!.AsArray().Select(static warning => (string)warning!)];
                }

                // It has just started, and no silo's heartbeat has come yet.
                await Task.Delay(50, TestContext.Current.CancellationToken);
            }
        }
    }
}
