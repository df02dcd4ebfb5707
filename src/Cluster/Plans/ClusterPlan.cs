using MiniKube.Cluster.Hosts;
using MiniKube.Cluster.Pki;

namespace MiniKube.Cluster.Plans;

/// <summary>What every host of a cluster is to be: the files and units of all its roles. A pure function of the layout and the identities.</summary>
public static class ClusterPlan
{
    public static HostPlan Create(ClusterLayout layout, ClusterHost host, ClusterPki pki) => new(host.Name, host.Address.ToString())
    {
        HasPods = host.HasDocker,
        PodSubnet = host.PodSubnet,
        ServiceSubnet = ClusterNetwork.ServiceSubnet,
        Routes = [.. Routes(layout, host)],
        Units = [.. Units(layout, host).Select(unit => unit.Name == MasterPlan.ServingUnit(layout) ? unit : Unhurried(unit))],
        Files = [.. Files(layout, host, pki).DistinctBy(file => file.Path)],
    };

    /// <summary>A host as a machine's provider hands it over: named, cabled, and with nothing on it but its way to the machine.</summary>
    public static HostPlan CreateBare(ClusterLayout layout, ClusterHost host) => new(host.Name, host.Address.ToString())
    {
        HasPods = host.HasDocker,
        ServiceSubnet = ClusterNetwork.ServiceSubnet,
        Units = [.. Gateways(layout, host)],
        Files = [.. Names(layout, host)],
    };

    private static IEnumerable<Unit> Units(ClusterLayout layout, ClusterHost host) =>
    [
        .. host.Is(HostRoles.Etcd) ? [EtcdPlan.Unit()] : (Unit[])[],
        .. host.Is(HostRoles.Master) ? MasterPlan.Units(layout, host) : [],
        .. host.Is(HostRoles.LoadBalancer) ? LoadBalancerPlan.Units() : [],
        .. Gateways(layout, host),
        .. layout.HasOverlay(host) ? [Overlay(host)] : (Unit[])[],
        .. host.Is(HostRoles.Node) ? NodePlan.Units(layout.Spec) : [],
    ];

    /// <summary>
    /// The runtime compiles methods anew that are called often, once nothing new has been called for 0.1 s. Where many processes start on few processors that is a fifth of what each takes
    /// to begin, and only an API server has enough to do to be worth it: the others do it after 3 s (in hexadecimal milliseconds).
    /// </summary>
    private static Unit Unhurried(Unit unit) => !unit.Command.Contains("/run/mk/mk ", StringComparison.Ordinal) ? unit : unit with
    {
        Environment = new SortedDictionary<string, string>(unit.Environment.ToDictionary(), StringComparer.Ordinal) { ["DOTNET_TC_CallCountingDelayMs"] = "BB8" },
    };

    /// <summary>A master reaches pods only for those who ask its API server for them.</summary>
    private static Unit Overlay(ClusterHost host) => host.Is(HostRoles.Master) ? OverlayPlan.Unit() with { WaitFor = MasterPlan.Serving(host) } : OverlayPlan.Unit();

    private static IEnumerable<Unit> Gateways(ClusterLayout layout, ClusterHost host) =>
        host == layout.Entry || host.HasDocker ? [NodePlan.Gateway(layout, host)] : [];

    private static IEnumerable<HostFile> Names(ClusterLayout layout, ClusterHost host) =>
    [
        new("/etc/hostname", host.Name + "\n"),
        new("/etc/hosts", "127.0.0.1 localhost\n" + string.Concat(layout.Hosts.Select(other => $"{other.Address} {other.Name}\n"))),
    ];

    private static IEnumerable<HostFile> Files(ClusterLayout layout, ClusterHost host, ClusterPki pki) =>
    [
        .. Names(layout, host),
        .. host.Is(HostRoles.Etcd) ? EtcdPlan.Files(layout, host, pki) : [],
        .. host.Is(HostRoles.Master) ? MasterPlan.Files(layout, host, pki) : [],
        .. host.Is(HostRoles.LoadBalancer) ? LoadBalancerPlan.Files(layout, pki) : [],
        .. layout.HasOverlay(host) ? OverlayPlan.Files(layout, pki) : [],
        .. host.Is(HostRoles.Node) ? NodePlan.Files(layout, host, pki) : [],
    ];

    /// <summary>How pods of other nodes are reached: masters need it too, for whoever looks at a pod through the API server.</summary>
    private static IEnumerable<string> Routes(ClusterLayout layout, ClusterHost host) => host.Is(HostRoles.Node) || host.Is(HostRoles.Master)
        ? layout.Nodes.Where(node => node != host && node.PodSubnet is not null).Select(node => $"{node.PodSubnet} via {node.Address}")
        : [];
}
