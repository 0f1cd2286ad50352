using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace ChitChatz.Chaos.Faults;

/// <summary>
/// An address and a network namespace for each silo, all on one bridge of this machine, so that one can be cut off from the others while it
/// still has the store and the gateways, which stay on the machine itself. Needs root and iproute2.
/// </summary>
public sealed class SiloNetwork : IAsyncDisposable
{
    private readonly int _silos;
    private readonly string _name = string.Create(CultureInfo.InvariantCulture, $"cc{Environment.ProcessId}");
    private readonly string _subnet = string.Create(CultureInfo.InvariantCulture, $"10.213.{Environment.ProcessId % 250}");
    private readonly string _access = Path.GetTempFileName();

    private SiloNetwork(int silos) => _silos = silos;

    /// <summary>This machine, as the silos see it.</summary>
    public string Host => $"{_subnet}.1";

    /// <summary>What PostgreSQL needs so that silos reach it.</summary>
    public string[] StoreSettings => [$"listen_addresses=127.0.0.1,{Host}", $"hba_file={_access}"];

    /// <summary>A new one; null with a reason where there can be none.</summary>
    public static async Task<(SiloNetwork? Network, string? Reason)> TryMakeNewAsync(int silos)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            return (null, "network namespaces can be made by root only, on Linux");

        var network = new SiloNetwork(silos);
        try
        {
            await network.MakeAsync();
            return (network, null);
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception)
        {
            await network.DisposeAsync();
            return (null, exception.Message);
        }
    }

    /// <summary>A silo's address; they count from 1.</summary>
    public string Address(int silo) => string.Create(CultureInfo.InvariantCulture, $"{_subnet}.{silo + 1}");

    /// <summary>The command that runs another one where that silo lives.</summary>
    public string[] Inside(int silo) => ["ip", "netns", "exec", Namespace(silo)];

    /// <summary>Takes from a silo the way to all others. What they say still arrives, and nobody learns that from it.</summary>
    public async Task CutAsync(int silo)
    {
        foreach (var route in Others(silo))
            await IpAsync(["-n", Namespace(silo), "route", "replace", .. route]);
    }

    /// <summary>Gives it back; does nothing when it has it.</summary>
    public async Task MendAsync(int silo)
    {
        foreach (var route in Others(silo))
            await TryAsync(["-n", Namespace(silo), "route", "del", .. route]);
    }

    public async ValueTask DisposeAsync()
    {
        // The ends of the lines go with the namespaces.
        for (var silo = 1; silo <= _silos; silo++)
            await TryAsync("netns", "del", Namespace(silo));
        await TryAsync("link", "del", _name);
        File.Delete(_access);
    }

    private static async Task IpAsync(params string[] arguments)
    {
        if (await TryAsync(arguments) is { } error)
            throw new InvalidOperationException($"ip {string.Join(' ', arguments)}: {error}");
    }

    /// <summary>What it complained about; null when it succeeded.</summary>
    private static async Task<string?> TryAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardError = true })!;
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? null : error.Trim();
    }

    private string Namespace(int silo) => string.Create(CultureInfo.InvariantCulture, $"{_name}-{silo}");

    private async Task MakeAsync()
    {
        await File.WriteAllTextAsync(_access, $"host all all 127.0.0.1/32 trust\nhost all all {_subnet}.0/24 trust\n");
        if (OperatingSystem.IsLinux())
            File.SetUnixFileMode(_access, (UnixFileMode)0b110_100_100); // PostgreSQL has another user.
        await IpAsync("link", "add", _name, "type", "bridge");
        await IpAsync("addr", "add", $"{Host}/24", "dev", _name);
        await IpAsync("link", "set", _name, "up");
        for (var silo = 1; silo <= _silos; silo++)
        {
            var space = Namespace(silo);
            var line = string.Create(CultureInfo.InvariantCulture, $"{_name}v{silo}");
            await IpAsync("netns", "add", space);
            await IpAsync("link", "add", line, "type", "veth", "peer", "name", "eth0", "netns", space);
            await IpAsync("link", "set", line, "master", _name, "up");
            await IpAsync("-n", space, "addr", "add", $"{Address(silo)}/24", "dev", "eth0");
            await IpAsync("-n", space, "link", "set", "eth0", "up");
            await IpAsync("-n", space, "link", "set", "lo", "up");
        }
    }

    /// <summary>The way to each of the others, which leads nowhere.</summary>
    private IEnumerable<string[]> Others(int silo) =>
        Enumerable.Range(1, _silos).Where(other => other != silo).Select(other => new[] { "blackhole", $"{Address(other)}/32" });
}
