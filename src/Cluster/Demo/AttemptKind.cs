namespace MiniKube.Cluster.Demo;

/// <summary>What a client of the load asks for.</summary>
internal enum AttemptKind
{
    Read,
    Create,
    Update,
    Delete,

    /// <summary>A list that may be stale, as informers begin with: it needs no store.</summary>
    List,
}
