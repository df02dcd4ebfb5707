using System.Net;

namespace MiniKube.Cluster.Plans;

/// <summary>
/// Which hosts a cluster has, and who is what. Without hosts for etcd the first node is also the master; with them every role has hosts of its own, and more than one master
/// has a load balancer in front.
/// </summary>
public sealed class ClusterLayout
{
    public const string LoadBalancerName = "lb";

    private ClusterLayout(ClusterSpec spec, IReadOnlyList<ClusterHost> hosts)
    {
        Spec = spec;
        Hosts = hosts;
    }

    public ClusterSpec Spec { get; }

    public IReadOnlyList<ClusterHost> Hosts { get; }

    public IReadOnlyList<ClusterHost> Masters => With(HostRoles.Master);

    public IReadOnlyList<ClusterHost> EtcdMembers => With(HostRoles.Etcd);

    /// <summary>The hosts that run kubelets.</summary>
    public IReadOnlyList<ClusterHost> Nodes => With(HostRoles.Node);

    public ClusterHost? LoadBalancer => Hosts.FirstOrDefault(host => host.Is(HostRoles.LoadBalancer));

    /// <summary>Where clients enter: the load balancer, or the only master.</summary>
    public ClusterHost Entry => LoadBalancer ?? Masters[0];

    public string Server => ServerAt(Entry);

    /// <summary>Whether master and node are one host, and the control plane one process.</summary>
    public bool IsCombined => Spec.EtcdMembers == 0;

    /// <summary>Whether the overlay runs there: on hosts that run pods or must reach them.</summary>
    public bool HasOverlay(ClusterHost host) => Spec.Overlay is not OverlayKind.None && (host.HasDocker || host.Is(HostRoles.Master));

    /// <summary>How many nodes the API server will know.</summary>
    public int ExpectedNodes => Spec.HollowNodes > 0 ? Spec.HollowNodes : Spec.Nodes;

    public static ClusterLayout Create(ClusterSpec spec) => new(spec, [.. spec.EtcdMembers > 0 ? Separate(spec) : Combined(spec)]);

    public static string ServerAt(ClusterHost host) => $"https://{host.Address}:{ClusterNetwork.ApiServerPort}";

    public ClusterHost Find(string name) => Hosts.FirstOrDefault(host => host.Name == name)
        ?? throw new ClusterException($"The cluster has no host {name}. It has: {string.Join(", ", Hosts.Select(host => host.Name))}");

    private IReadOnlyList<ClusterHost> With(HostRoles role) => [.. Hosts.Where(host => host.Is(role))];

    private static IEnumerable<ClusterHost> Combined(ClusterSpec spec)
    {
        var store = spec.Store is StoreKind.Etcd ? HostRoles.Etcd : HostRoles.None;
        return NodesOf(spec).Select((node, index) => index == 0 ? node with { Roles = node.Roles | HostRoles.Master | store } : node);
    }

    private static IEnumerable<ClusterHost> Separate(ClusterSpec spec) =>
    [
        .. Numbered("etcd", spec.EtcdMembers, ClusterNetwork.FirstEtcdMember, HostRoles.Etcd),
        .. Numbered("master", spec.Masters, ClusterNetwork.FirstMaster, HostRoles.Master),
        .. spec.Masters > 1 ? [new ClusterHost(LoadBalancerName, ClusterNetwork.LoadBalancer, HostRoles.LoadBalancer)] : (ClusterHost[])[],
        .. NodesOf(spec),
    ];

    private static IEnumerable<ClusterHost> NodesOf(ClusterSpec spec) => spec.HollowNodes > 0
        ? Numbered("node", 1, ClusterNetwork.FirstNode, HostRoles.Node)
        : Numbered("node", spec.Nodes, ClusterNetwork.FirstNode, HostRoles.Node).Select(
            (node, index) => node with { HasDocker = true, PodSubnet = spec.Overlay is OverlayKind.None ? ClusterNetwork.PodSubnetOf(index) : null });

    private static IEnumerable<ClusterHost> Numbered(string name, int count, IPAddress first, HostRoles roles) =>
        Enumerable.Range(0, count).Select(index => new ClusterHost($"{name}{index + 1}", ClusterNetwork.After(first, index), roles));
}
