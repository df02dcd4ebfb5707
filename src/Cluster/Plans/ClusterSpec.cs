namespace MiniKube.Cluster.Plans;

/// <summary>What <c>mk up</c> was asked for. Kept in <c>.mk/NAME/cluster.json</c>, so that the same cluster comes up again.</summary>
public sealed record ClusterSpec
{
    /// <summary>The machine's port, on 127.0.0.1, that leads to the API server.</summary>
    public int Port { get; init; } = 6443;

    public StoreKind Store { get; init; }

    /// <summary>Masters. More than one need hosts for etcd, and get a load balancer.</summary>
    public int Masters { get; init; } = 1;

    /// <summary>Hosts that run etcd and nothing else; 0: the first node is also the master, and the store is there.</summary>
    public int EtcdMembers { get; init; }

    /// <summary>Nodes with Docker.</summary>
    public int Nodes { get; init; } = 1;

    /// <summary>Nodes in memory, all on one host, instead of those with Docker; 0 for real nodes.</summary>
    public int HollowNodes { get; init; }

    /// <summary>Leader election with 5, 3 and 1 s instead of 15, 10 and 2 s.</summary>
    public bool FastFailover { get; init; }

    public LoadBalancing LoadBalancing { get; init; }

    public OverlayKind Overlay { get; init; }

    /// <summary>Hosts with nothing on them, for a cluster that is formed by hand (docs/ha-by-hand.md).</summary>
    public bool Bare { get; init; }

    /// <summary>Registries to which Docker may speak plain HTTP, as <c>host.minikube.internal:5000</c>.</summary>
    public IReadOnlyList<string> InsecureRegistries { get; init; } = [];
}
