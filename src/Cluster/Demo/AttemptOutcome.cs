namespace MiniKube.Cluster.Demo;

/// <summary>What a client of the load was told.</summary>
internal enum AttemptOutcome
{
    Ok,
    NotFound,
    Exists,
    Conflict,

    /// <summary>No answer, or that of a server that cannot say: the request has failed, and may have been done.</summary>
    Unknown,
}
