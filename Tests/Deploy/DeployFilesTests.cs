using System.Net;
using ChitChatz.Gateway.Hosting;
using ChitChatz.Hosting.Configuration;
using ChitChatz.Hosting.Health;
using ChitChatz.Silo;
using ChitChatz.Tests.Docs;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ChitChatz.Tests.Deploy;

/// <summary>Holds the files under deploy/ and the code together.</summary>
public sealed class DeployFilesTests
{
    private const string Kubernetes = "deploy/kubernetes";

    /// <summary>Variables that are not settings of ours.</summary>
    private static readonly string[] s_others = ["ASPNETCORE_URLS", "DOTNET_EnableDiagnostics", "POD_IP"];

    [Fact]
    public void Environment_WhenAProcessIsStartedWithIt_IsOfSettingsThatExistAndPass() =>
        Assert.All(DeployedProcess.All(), static process =>
        {
            using IHost host = Host(process);
            string[] sections = [.. host.Services.GetServices<KnownSection>().Select(static known => known.Name)];

            Assert.All(process.Environment.Keys.Except(s_others), name =>
                Assert.Contains(name.Split("__")[0], name.Contains("__", StringComparison.Ordinal) ? sections : []));
            host.Services.GetRequiredService<IStartupValidator>().Validate();
        });

    [Fact]
    public void Environment_WhenTheRootFileSystemIsReadOnly_KeepsDotNetFromWriting() =>
        Assert.All(DeployedProcess.All(), static process => Assert.Equal("0", process.Environment["DOTNET_EnableDiagnostics"]));

    [Fact]
    public void Ports_WhenNamed_AreTheDefaults() =>
        Assert.All(DeployedProcess.All(), static process =>
        {
            using IHost host = Host(process);
            SiloSettings silo = host.Services.GetRequiredService<IOptions<SiloSettings>>().Value;
            int management = host.Services.GetRequiredService<DefaultManagementPort>().Value;
            int[] known = process.Program == "Silo" ? [silo.Port, silo.GatewayPort, management] : [new Uri(ListenUrls.Default).Port, management];

            // The compose file publishes what clients reach.
            int[] expected = !process.IsCompose ? known : process.Program == "Silo" ? [] : known[..1];
            Assert.Equal(expected.Order(), process.Ports.Order());
        });

    [Fact]
    public void Grace_WhenStopped_IsLongerThanTheProcessTakes() =>
        Assert.All(DeployedProcess.All(), static process =>
        {
            using IHost host = Host(process);
            TimeSpan bound = host.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout;

            Assert.True(process.Grace >= bound + TimeSpan.FromSeconds(5), $"{process} has {process.Grace}, and gives up after {bound} only.");
        });

    [Fact]
    public void Versions_WhenNamed_AreThisOne()
    {
        string version = YamlOf("kustomization.yaml").Single()["images"].Items[0]["newTag"].Text;

        Assert.Contains($"<Version>{version}</Version>", Document.Read("Directory.Build.props").Text, StringComparison.Ordinal);
        Assert.All(YamlOf("kustomization.yaml").Single()["images"].Items, image => Assert.Equal(version, image["newTag"].Text));
        Assert.All(
            YamlValue.Read("deploy/compose.yaml")[0]["services"].Entries.Select(static service => service.Value["image"].Text).Where(static image => image.StartsWith("chitchatz", StringComparison.Ordinal)),
            image => Assert.EndsWith($"${{CHITCHATZ_VERSION:-{version}}}", image, StringComparison.Ordinal));
    }

    [Fact]
    public void Kustomization_WhenApplied_HasEveryFile() =>
        Assert.Equal(
            Directory.GetFiles(Path.Combine(Document.Root, Kubernetes)).Select(Path.GetFileName).Where(static name => name != "kustomization.yaml").Order(),
            YamlOf("kustomization.yaml").Single()["resources"].Items.Select(static file => file.Text).Order());

    [Theory]
    [InlineData("silo")]
    [InlineData("gateway")]
    public void Pod_WhenItRuns_MayDoNothingThatItDoesNotNeed(string name)
    {
        YamlValue pod = Part($"{name}.yaml", "Deployment")["spec"]["template"]["spec"];
        YamlValue container = pod["containers"].Items.Single();

        Assert.Equal(("false", "false"), (pod["automountServiceAccountToken"].Text, pod["enableServiceLinks"].Text));
        Assert.Equal(("true", "1654"), (pod["securityContext"]["runAsNonRoot"].Text, pod["securityContext"]["runAsUser"].Text));
        Assert.Equal("RuntimeDefault", pod["securityContext"]["seccompProfile"]["type"].Text);
        Assert.Equal(("false", "true"), (container["securityContext"]["allowPrivilegeEscalation"].Text, container["securityContext"]["readOnlyRootFilesystem"].Text));
        Assert.Equal(["ALL"], container["securityContext"]["capabilities"]["drop"].Items.Select(static item => item.Text));
    }

    [Theory]
    [InlineData("silo")]
    [InlineData("gateway")]
    public void Pod_WhenAskedHowItIs_AnswersWhereItIsAsked(string name)
    {
        YamlValue container = Part($"{name}.yaml", "Deployment")["spec"]["template"]["spec"]["containers"].Items.Single();

        // A process that waits for others lives: it is not killed for that.
        (string Probe, string Path)[] probes = [("startupProbe", "/health/live"), ("readinessProbe", "/health/ready"), ("livenessProbe", "/health/live")];
        Assert.All(probes, probe => Assert.Equal(
            (probe.Path, "management"), (container[probe.Probe]["httpGet"]["path"].Text, container[probe.Probe]["httpGet"]["port"].Text)));
    }

    [Theory]
    [InlineData("silo")]
    [InlineData("gateway")]
    public void Pod_WhenTheDatabaseHasAnAuthorityOfItsOwn_FindsItWhereTheCommentSays(string name)
    {
        YamlValue pod = Part($"{name}.yaml", "Deployment")["spec"]["template"]["spec"];
        YamlValue mount = pod["containers"].Items.Single()["volumeMounts"].Items.Single();
        YamlValue volume = pod["volumes"].Items.Single(volume => volume["name"].Text == mount["name"].Text);

        Assert.Equal("true", volume["configMap"]["optional"].Text);
        Assert.Contains($"create configmap {volume["configMap"]["name"].Text} ", Document.Read($"{Kubernetes}/silo.yaml").Text, StringComparison.Ordinal);
        Assert.Contains($"Root Certificate={mount["mountPath"].Text}/ca.crt", Document.Read($"{Kubernetes}/silo.yaml").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Ingress_WhenItPassesOn_DoesToTheGatewaysService()
    {
        YamlValue path = Part("ingress.yaml", "Ingress")["spec"]["rules"].Items.Single()["http"]["paths"].Items.Single();
        YamlValue service = Part("gateway.yaml", "Service");

        Assert.Equal(service["metadata"]["name"].Text, path["backend"]["service"]["name"].Text);
        Assert.Equal(service["spec"]["ports"].Items.Single()["name"].Text, path["backend"]["service"]["port"]["name"].Text);
    }

    [Fact]
    public void Compose_WhenItNamesAddresses_ListensOnTheNetworkThatIsMeant()
    {
        YamlValue file = YamlValue.Read("deploy/compose.yaml")[0];
        foreach ((string name, YamlValue service) in file["services"].Entries.Where(static service => service.Value["image"].Text.StartsWith("chitchatz-", StringComparison.Ordinal)))
        {
            Assert.Equal((name, Address(service, "watch")), (name, service["environment"]["Management__Address"].Text));
            if (service["environment"].Find("Silo__Address") is { } silo)
                Assert.Equal((name, Address(service, "cluster")), (name, silo.Text));
            if (service["environment"].Find("Gateway__TrustedProxies__0") is { } proxy)
                Assert.Equal(Pool(file, "front")["gateway"].Text, proxy.Text);
        }

        Assert.All(["cluster", "watch"], network => Assert.Equal("true", file["networks"][network]["internal"].Text));

        // In its network, and not where addresses are given out.
        string Address(YamlValue service, string network)
        {
            IPAddress address = IPAddress.Parse(service["networks"][network]["ipv4_address"].Text);
            Assert.True(IPNetwork.Parse(Pool(file, network)["subnet"].Text).Contains(address), $"{address} is not of the network {network}.");
            Assert.False(IPNetwork.Parse(Pool(file, network)["ip_range"].Text).Contains(address), $"{address} may be somebody else's on the network {network}.");
            return address.ToString();
        }
    }

    private static YamlValue Pool(YamlValue file, string network) => file["networks"][network]["ipam"]["config"].Items.Single();

    [Theory]
    [InlineData("silo")]
    [InlineData("gateway")]
    public void Selectors_WhenTheyChoosePods_ChooseTheDeployments(string name)
    {
        string label = Part($"{name}.yaml", "Deployment")["spec"]["template"]["metadata"]["labels"]["app"].Text;
        YamlValue policy = YamlOf("network-policies.yaml").Single(part => part["metadata"]["name"].Text == name);

        Assert.Equal(label, Part($"{name}.yaml", "Deployment")["spec"]["selector"]["matchLabels"]["app"].Text);
        Assert.Equal(label, Part($"{name}.yaml", "PodDisruptionBudget")["spec"]["selector"]["matchLabels"]["app"].Text);
        Assert.Equal(label, policy["spec"]["podSelector"]["matchLabels"]["app"].Text);
    }

    [Fact]
    public void SiloPorts_WhenReached_AreReachedBySilosAndGatewaysAlone()
    {
        YamlValue[] rules = YamlOf("network-policies.yaml").Single(static part => part["metadata"]["name"].Text == "silo")["spec"]["ingress"].Items;

        var callers = rules.SelectMany(static rule => rule["ports"].Items.Select(port => (Port: port["port"].Text, From: rule["from"].Items.Single())))
            .Where(static rule => rule.Port != "management")
            .Select(static rule => (rule.Port, App: rule.From["podSelector"]["matchLabels"]["app"].Text));
        Assert.Equal([("silo", "chitchatz-silo"), ("silo-gateway", "chitchatz-gateway"), ("silo-gateway", "chitchatz-silo")], callers.Order());
    }

    private static YamlValue[] YamlOf(string file) => YamlValue.Read($"{Kubernetes}/{file}");

    private static YamlValue Part(string file, string kind) => YamlOf(file).Single(part => part["kind"].Text == kind);

    /// <summary>The process as its program composes it, not started.</summary>
    private static IHost Host(DeployedProcess process)
    {
        var settings = process.Environment.Select(static variable => KeyValuePair.Create(variable.Key.Replace("__", ":", StringComparison.Ordinal), (string?)variable.Value));
        if (process.Program == "Silo")
        {
            HostApplicationBuilder silo = new(new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory });
            silo.Configuration.AddInMemoryCollection(settings);
            silo.AddChitChatzSilo();
            return silo.Build();
        }

        WebApplicationBuilder gateway = GatewayHosting.CreateBuilder([]);
        gateway.Configuration.AddInMemoryCollection(settings);
        gateway.AddChitChatzGateway();
        return gateway.Build();
    }
}
