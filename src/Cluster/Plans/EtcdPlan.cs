using MiniKube.Cluster.Hosts;
using MiniKube.Cluster.Pki;

namespace MiniKube.Cluster.Plans;

/// <summary>Debian's etcd as a unit: configured by <c>/etc/etcd/etcd.conf</c>, a file of variables, as its Debian and Red Hat packages do.</summary>
internal static class EtcdPlan
{
    public const string UnitName = "etcd";
    public const string ConfigurationFile = "/etc/etcd/etcd.conf";
    public const string DataFolder = "/var/lib/etcd";

    private const string Pki = $"{PkiFiles.Folder}/etcd";

    /// <summary>etcdctl's flags on a member's host, for that member.</summary>
    public static IReadOnlyList<string> ClientFlags { get; } =
        ["--endpoints=https://127.0.0.1:2379", $"--cacert={Pki}/ca.crt", $"--cert={Pki}/server.crt", $"--key={Pki}/server.key"];

    public static Unit Unit() => new(UnitName, "etcd") { Before = [$"mkdir -p -m 700 {DataFolder}", $"set -a; . {ConfigurationFile}; set +a"] };

    public static IEnumerable<HostFile> Files(ClusterLayout layout, ClusterHost host, ClusterPki pki) =>
    [
        PkiFiles.Authority("etcd/ca", pki.EtcdAuthority),
        .. PkiFiles.Pair("etcd/server", pki.EtcdMember(host.Name, host.Address)),
        .. PkiFiles.Pair("etcd/peer", pki.EtcdMember(host.Name, host.Address)),
        new(ConfigurationFile, Configuration(layout, host, "new")),
    ];

    public static string PeerUrl(ClusterHost host) => $"https://{host.Address}:2380";

    public static string ClientUrl(ClusterHost host) => $"https://{host.Address}:2379";

    /// <summary>
    /// The timeouts are etcd's own: heartbeats of 0.1 s, elections after 1 s. Between hosts of one machine packets take no time, and shorter ones would elect sooner; but members are
    /// late here because they wait for a processor, by more than half a second on a machine that builds or starts a cluster, and each needless election costs more than it saves.
    /// </summary>
    /// <param name="layout">All members.</param>
    /// <param name="host">This one.</param>
    /// <param name="state"><c>new</c> when all members begin together, <c>existing</c> for one that joins later. A member that has data ignores it.</param>
    public static string Configuration(ClusterLayout layout, ClusterHost host, string state) => $"""
        ETCD_NAME={host.Name}
        ETCD_DATA_DIR={DataFolder}
        ETCD_LISTEN_PEER_URLS={PeerUrl(host)}
        ETCD_INITIAL_ADVERTISE_PEER_URLS={PeerUrl(host)}
        ETCD_INITIAL_CLUSTER={string.Join(',', layout.EtcdMembers.Select(member => $"{member.Name}={PeerUrl(member)}"))}
        ETCD_INITIAL_CLUSTER_STATE={state}
        ETCD_INITIAL_CLUSTER_TOKEN=mk
        ETCD_LISTEN_CLIENT_URLS={ClientUrl(host)},https://127.0.0.1:2379
        ETCD_ADVERTISE_CLIENT_URLS={ClientUrl(host)}
        ETCD_CERT_FILE={Pki}/server.crt
        ETCD_KEY_FILE={Pki}/server.key
        ETCD_TRUSTED_CA_FILE={Pki}/ca.crt
        ETCD_CLIENT_CERT_AUTH=true
        ETCD_PEER_CERT_FILE={Pki}/peer.crt
        ETCD_PEER_KEY_FILE={Pki}/peer.key
        ETCD_PEER_TRUSTED_CA_FILE={Pki}/ca.crt
        ETCD_PEER_CLIENT_CERT_AUTH=true
        ETCD_LOGGER=zap
        ETCD_LOG_LEVEL=warn

        """;
}
