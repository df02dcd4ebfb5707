using MiniKube.Cluster.Hosts;

namespace MiniKube.Cluster.Plans;

/// <summary>Debian's etcd as a unit: configured by <c>/etc/etcd/etcd.conf</c>, a file of variables, as its Debian and Red Hat packages do.</summary>
internal static class EtcdUnit
{
    public const string Name = "etcd";

    private const string Pki = "/etc/kubernetes/pki/etcd";

    public static Unit Create() => new(Name, "etcd") { Before = ["mkdir -p -m 700 /var/lib/etcd", "set -a; . /etc/etcd/etcd.conf; set +a"] };

    public static string Configuration() => $"""
        ETCD_NAME={SingleHostPlan.HostName}
        ETCD_DATA_DIR=/var/lib/etcd
        ETCD_LISTEN_PEER_URLS=https://{ClusterNetwork.Node1}:2380
        ETCD_INITIAL_ADVERTISE_PEER_URLS=https://{ClusterNetwork.Node1}:2380
        ETCD_INITIAL_CLUSTER={SingleHostPlan.HostName}=https://{ClusterNetwork.Node1}:2380
        ETCD_INITIAL_CLUSTER_STATE=new
        ETCD_INITIAL_CLUSTER_TOKEN=mk
        ETCD_LISTEN_CLIENT_URLS=https://{ClusterNetwork.Node1}:2379,https://127.0.0.1:2379
        ETCD_ADVERTISE_CLIENT_URLS=https://{ClusterNetwork.Node1}:2379
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
