using System.Globalization;
using System.Text.RegularExpressions;

namespace ChitChatz.Tests.Deploy;

/// <summary>A silo or a gateway as a file under deploy/ starts it.</summary>
/// <param name="Source">The file and the name in it.</param>
/// <param name="Program">Silo or Gateway.</param>
/// <param name="Environment">Its variables, with secrets and addresses filled in by examples.</param>
/// <param name="Ports">The ports of the container that are named.</param>
/// <param name="Grace">How long it has from SIGTERM to SIGKILL.</param>
internal sealed partial record DeployedProcess(string Source, string Program, IReadOnlyDictionary<string, string> Environment, int[] Ports, TimeSpan Grace)
{
    private const string Address = "10.0.0.5";
    private static readonly string[] s_programs = ["Silo", "Gateway"];
    private static readonly Dictionary<string, string> s_secrets = new()
    {
        ["database"] = "Host=db;Database=chitchatz;Username=chitchatz;Password=1d8f0c2ab7",
        ["jwt"] = "q1ZLkAmjJw0vY6b9sT3xU8cRhD5nF2gPeW4oS7iXyKM=",
        ["CHITCHATZ_SECRET"] = "q1ZLkAmjJw0vY6b9sT3xU8cRhD5nF2gPeW4oS7iXyKM=",
        ["POSTGRES_PASSWORD"] = "1d8f0c2ab7",
    };

    /// <summary>Whether it is a container of the compose file.</summary>
    public bool IsCompose => Source.StartsWith("compose", StringComparison.Ordinal);

    /// <summary>All of them, of both ways to deploy.</summary>
    public static DeployedProcess[] All() => [.. OfCompose(), .. OfKubernetes()];

    public override string ToString() => Source;

    private static IEnumerable<DeployedProcess> OfCompose() =>
        from service in YamlValue.Read("deploy/compose.yaml")[0]["services"].Entries
        let image = service.Value["image"].Text
        where image.StartsWith("chitchatz-", StringComparison.Ordinal)
        select new DeployedProcess(
            $"compose {service.Key}",
            image.StartsWith("chitchatz-silo", StringComparison.Ordinal) ? "Silo" : "Gateway",
            service.Value["environment"].Entries.ToDictionary(static variable => variable.Key, static variable => Filled(variable.Value.Text)),
            [.. (service.Value.Find("ports")?.Items ?? []).Select(static port => Number(port.Text.Split(':')[^1]))],
            TimeSpan.FromSeconds(Number(service.Value["stop_grace_period"].Text.TrimEnd('s'))));

    private static IEnumerable<DeployedProcess> OfKubernetes() =>
        from program in s_programs
        let file = $"deploy/kubernetes/{program.ToLowerInvariant()}.yaml"
        let pod = YamlValue.Read(file).Single(static part => part["kind"].Text == "Deployment")["spec"]["template"]["spec"]
        let container = pod["containers"].Items.Single()
        let told = Number(container.Find("lifecycle")?["preStop"]["sleep"]["seconds"].Text ?? "0")
        select new DeployedProcess(
            file,
            program,
            Variables(container["env"]),
            [.. container["ports"].Items.Select(static port => Number(port["containerPort"].Text))],
            TimeSpan.FromSeconds(Number(pod["terminationGracePeriodSeconds"].Text) - told));

    /// <summary>Kubernetes puts in only variables that stand above.</summary>
    private static Dictionary<string, string> Variables(YamlValue list)
    {
        Dictionary<string, string> variables = [];
        foreach (YamlValue variable in list.Items)
        {
            variables[variable["name"].Text] = variable.Find("valueFrom") switch
            {
                null => Reference().Replace(variable["value"].Text, match => variables.GetValueOrDefault(match.Groups[1].Value, match.Value)),
                var from when from.Find("secretKeyRef") is { } secret => s_secrets[secret["key"].Text],
                var from => from["fieldRef"]["fieldPath"].Text == "status.podIP" ? Address : throw new InvalidDataException("Another field."),
            };
        }

        return variables;
    }

    private static string Filled(string text) => Substitution().Replace(text, static match => s_secrets[match.Groups[1].Value]);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\$\((\w+)\)")]
    private static partial Regex Reference();

    [GeneratedRegex(@"\$\{(\w+):\?[^}]*\}")]
    private static partial Regex Substitution();
}
