namespace MiniKube.Cluster.Plans;

/// <summary>Where the API server keeps its objects.</summary>
public enum StoreKind
{
    /// <summary>Inside the API server, in SQLite.</summary>
    Embedded,

    /// <summary>Debian's etcd, as a unit of the host.</summary>
    Etcd,
}
