using MiniKube.Cluster.Shell;

namespace MiniKube.Cluster.Hosts;

/// <summary>
/// The wire that the hosts are plugged into: a bridge in a namespace of its own. Nothing of it is in the machine's network, so clusters may use the same addresses.
/// </summary>
internal sealed class Wire(string machineName)
{
    private const string CablePrefix = "v-";

    private readonly string _name = $"{machineName}-wire";

    public string NamespaceFile => $"/run/netns/{_name}";

    public async Task CreateAsync(CancellationToken cancellationToken)
    {
        if ((await CommandRunner.TryAsync("ip", ["-n", _name, "link", "show", "br0"], cancellationToken)).ExitCode == 0)
        {
            return;
        }

        // Whoever took the namespace away may have left its name.
        await DeleteAsync(cancellationToken);
        await CommandRunner.RunAsync("ip", ["netns", "add", _name], cancellationToken);
        await CommandRunner.RunAsync("ip", ["-n", _name, "link", "add", "br0", "up", "type", "bridge", "forward_delay", "0"], cancellationToken);
    }

    /// <summary>Takes a host's cable out, or plugs it in again: the host sees its link go.</summary>
    public Task SetCableAsync(string host, bool isPlugged, CancellationToken cancellationToken) =>
        CommandRunner.RunAsync("ip", ["-n", _name, "link", "set", CableOf(host), isPlugged ? "up" : "down"], cancellationToken);

    /// <summary>The hosts whose cable is out.</summary>
    public async Task<IReadOnlySet<string>> CutHostsAsync(CancellationToken cancellationToken)
    {
        var (exitCode, output, _) = await CommandRunner.TryAsync("ip", ["-n", _name, "-o", "link", "show", "type", "veth"], cancellationToken);
        IEnumerable<string> cables = exitCode == 0 ? output.Split('\n', StringSplitOptions.RemoveEmptyEntries) : [];
        return new HashSet<string>(cables
            .Where(line => !line[line.IndexOf('<')..line.IndexOf('>')].Split('<', ',').Contains("UP"))
            .Select(line => line.Split(' ')[1].Split('@')[0].TrimEnd(':')[CablePrefix.Length..]));
    }

    /// <summary>The name of the wire's end of a host's cable.</summary>
    public static string CableOf(string host) => CablePrefix + host;

    public async Task DeleteAsync(CancellationToken cancellationToken)
    {
        if (File.Exists(NamespaceFile))
        {
            await CommandRunner.RunAsync("ip", ["netns", "del", _name], cancellationToken);
        }
    }
}
