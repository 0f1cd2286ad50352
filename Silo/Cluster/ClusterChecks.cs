using System.Net;
using ChitChatz.Hosting.Configuration;
using ChitChatz.Silo.Storage;
using Microsoft.Extensions.Options;

namespace ChitChatz.Silo.Cluster;

/// <summary>What a silo's settings of different sections mean together.</summary>
internal sealed class ClusterChecks(IConfiguration configuration) : IValidateOptions<StorageSettings>, IValidateOptions<SiloSettings>
{
    // From the configuration and not from the checked settings: their own failures are reported once, by themselves.
    private bool IsCluster => ClusterSettings.IsPostgres(configuration);

    public ValidateOptionsResult Validate(string? name, StorageSettings options) =>
        IsCluster && !options.InPostgres
            ? ValidateOptionsResult.Fail($"Storage:Provider must be {StorageSettings.Postgres} with Cluster:Provider=Postgres, since all silos share one log; it is '{options.Provider}'.")
            : ValidateOptionsResult.Success;

    public ValidateOptionsResult Validate(string? name, SiloSettings options)
    {
        List<string> failures = [];
        if (!IsCluster && (!IPAddress.TryParse(options.Address, out var address) || !IPAddress.IsLoopback(address)))
            failures.Add($"Silo:Address must be 127.0.0.1 with Cluster:Provider=Localhost; it is '{options.Address}'.");
        if (IsManagement(options.Address, options.Port))
            failures.Add($"Management:Port and Silo:Port must be two ports; both are {options.Port}.");
        if (IsManagement(options.Address, options.GatewayPort))
            failures.Add($"Management:Port and Silo:GatewayPort must be two ports; both are {options.GatewayPort}.");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private bool IsManagement(string address, int port) =>
        int.TryParse(configuration["Management:Port"], out int managed) && managed == port
            && (configuration["Management:Address"] is not { Length: > 0 } listens || listens == address || listens is "0.0.0.0" or "::");
}
