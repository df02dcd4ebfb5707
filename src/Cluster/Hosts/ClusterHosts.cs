using MiniKube.Cluster.Pki;
using MiniKube.Cluster.Plans;

namespace MiniKube.Cluster.Hosts;

/// <summary>A cluster that was made: its layout, and its hosts as they are now.</summary>
internal sealed class ClusterHosts
{
    private ClusterHosts(ClusterPaths paths, ClusterLayout layout, TimeProvider clock)
    {
        Paths = paths;
        Layout = layout;
        Clock = clock;
    }

    public ClusterPaths Paths { get; }

    public ClusterLayout Layout { get; }

    public TimeProvider Clock { get; }

    /// <summary>Every host, in the layout's order.</summary>
    public IEnumerable<Host> All => Layout.Hosts.Select(host => new Host(Paths, host.Name, Clock));

    /// <summary>The cluster of that name. Throws if there is none.</summary>
    public static ClusterHosts Of(ClusterPaths paths, TimeProvider clock) => Find(paths, clock)
        ?? throw new ClusterException($"There is no cluster {paths.Name}. Make it with: mk up --name {paths.Name}");

    public static ClusterHosts? Find(ClusterPaths paths, TimeProvider clock) =>
        ClusterSpecFile.Read(paths.State) is { } spec ? new ClusterHosts(paths, ClusterLayout.Create(spec), clock) : null;

    /// <summary>One host. Throws if the cluster has none of that name.</summary>
    public Host Get(string name) => new(Paths, Layout.Find(name).Name, Clock);

    public IEnumerable<Host> With(IEnumerable<ClusterHost> hosts) => hosts.Select(host => new Host(Paths, host.Name, Clock));

    /// <summary>Boots a host as planned, on the wire that is there.</summary>
    public Task BootAsync(Host host, CancellationToken cancellationToken) => host.BootAsync(PlanOf(Layout.Find(host.Name)), cancellationToken);

    private HostPlan PlanOf(ClusterHost host) => Layout.Spec.Bare
        ? ClusterPlan.CreateBare(Layout, host)
        : ClusterPlan.Create(Layout, host, ClusterPki.LoadOrCreate(Paths.Pki, Clock.GetUtcNow()));
}
