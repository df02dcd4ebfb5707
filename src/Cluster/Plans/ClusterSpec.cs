namespace MiniKube.Cluster.Plans;

/// <summary>What <c>mk up</c> was asked for. Kept in <c>.mk/NAME/cluster.json</c>, so that the same cluster comes up again.</summary>
public sealed record ClusterSpec
{
    /// <summary>The machine's port, on 127.0.0.1, that leads to the API server.</summary>
    public int Port { get; init; } = 6443;

    public StoreKind Store { get; init; }

    /// <summary>Nodes in memory instead of one with Docker; 0 for a real node.</summary>
    public int HollowNodes { get; init; }

    /// <summary>Registries to which Docker may speak plain HTTP, as <c>host.minikube.internal:5000</c>.</summary>
    public IReadOnlyList<string> InsecureRegistries { get; init; } = [];
}
