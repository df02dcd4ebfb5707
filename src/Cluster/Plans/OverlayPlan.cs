using MiniKube.Cluster.Hosts;
using MiniKube.Cluster.Pki;

namespace MiniKube.Cluster.Plans;

/// <summary>The overlay, as Flannel: a daemon on every host that runs pods or must reach them. What it is told stands in etcd, and the node's Docker takes the subnet that it leases.</summary>
internal static class OverlayPlan
{
    public const string UnitName = "overlay";

    /// <summary>Where etcd has its settings.</summary>
    public const string ConfigurationKey = "/coreos.com/network/config";

    public const string SubnetFile = "/run/flannel/subnet.env";

    private const string Pki = PkiFiles.Folder;
    private const string ArgumentsFile = $"{PkiFiles.Kubernetes}/overlay.args";

    /// <summary>Flannel's settings. A backend must be named: without one it would be udp.</summary>
    public static string Configuration(OverlayKind kind) => kind is OverlayKind.Vxlan
        ? $$$"""{"Network":"{{{ClusterNetwork.PodSubnet}}}","SubnetLen":24,"Backend":{"Type":"vxlan","VNI":1,"Port":8472}}"""
        : $$$"""{"Network":"{{{ClusterNetwork.PodSubnet}}}","SubnetLen":24,"Backend":{"Type":"host-gw"}}""";

    public static Unit Unit() => new(UnitName, $"/run/mk/mk overlay @{ArgumentsFile}");

    public static IEnumerable<HostFile> Files(ClusterLayout layout, ClusterPki pki) =>
    [
        PkiFiles.Authority("etcd/ca", pki.EtcdAuthority),
        .. PkiFiles.Pair("overlay-etcd-client", pki.OverlayEtcdClient()),
        new(ArgumentsFile, ArgumentFile.Render(
            ("etcd-endpoints", string.Join(',', layout.EtcdMembers.Select(EtcdPlan.ClientUrl))),
            ("etcd-cafile", $"{Pki}/etcd/ca.crt"),
            ("etcd-certfile", $"{Pki}/overlay-etcd-client.crt"),
            ("etcd-keyfile", $"{Pki}/overlay-etcd-client.key"),
            ("iface", "eth0"),
            ("subnet-file", SubnetFile))),
    ];
}
