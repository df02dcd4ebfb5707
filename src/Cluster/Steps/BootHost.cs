using MiniKube.Cluster.Hosts;

namespace MiniKube.Cluster.Steps;

/// <summary>Boots a host, unless it is up.</summary>
internal sealed class BootHost(ClusterHosts cluster, Host host) : IStep
{
    public string Title => $"Host {host.Name}";

    public async Task<string?> RunAsync(CancellationToken cancellationToken)
    {
        if (host.ProcessId is not null)
        {
            return "is up already";
        }

        await cluster.BootAsync(host, cancellationToken);
        return null;
    }
}
