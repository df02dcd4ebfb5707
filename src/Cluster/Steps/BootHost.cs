using MiniKube.Cluster.Hosts;
using MiniKube.Cluster.Pki;
using MiniKube.Cluster.Plans;

namespace MiniKube.Cluster.Steps;

/// <summary>Lays the wire and boots the host on it, unless it is up.</summary>
internal sealed class BootHost(ClusterPaths paths, ClusterSpec spec, Host host, TimeProvider clock) : IStep
{
    public string Title => $"Host {host.Name}";

    public async Task<string?> RunAsync(CancellationToken cancellationToken)
    {
        if (host.ProcessId is not null)
        {
            return "is up already";
        }

        await new Wire(paths.MachineName).CreateAsync(cancellationToken);
        await host.BootAsync(SingleHostPlan.Create(spec, ClusterPki.LoadOrCreate(paths.Pki, clock.GetUtcNow())), cancellationToken);
        return null;
    }
}
