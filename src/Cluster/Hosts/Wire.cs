using MiniKube.Cluster.Shell;

namespace MiniKube.Cluster.Hosts;

/// <summary>
/// The wire that the hosts are plugged into: a bridge in a namespace of its own. Nothing of it is in the machine's network, so clusters may use the same addresses.
/// </summary>
internal sealed class Wire(string machineName)
{
    private readonly string _name = $"{machineName}-wire";

    public string NamespaceFile => $"/run/netns/{_name}";

    public async Task CreateAsync(CancellationToken cancellationToken)
    {
        if (File.Exists(NamespaceFile))
        {
            return;
        }

        await CommandRunner.RunAsync("ip", ["netns", "add", _name], cancellationToken);
        await CommandRunner.RunAsync("ip", ["-n", _name, "link", "add", "br0", "up", "type", "bridge", "forward_delay", "0"], cancellationToken);
    }

    public async Task DeleteAsync(CancellationToken cancellationToken)
    {
        if (File.Exists(NamespaceFile))
        {
            await CommandRunner.RunAsync("ip", ["netns", "del", _name], cancellationToken);
        }
    }
}
