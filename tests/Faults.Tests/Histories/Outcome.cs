namespace MiniKube.Faults.Tests.Histories;

/// <summary>What a client was told.</summary>
internal enum Outcome
{
    /// <summary>Done; a read found the object.</summary>
    Ok,

    /// <summary>Refused, or read: there is no such object.</summary>
    NotFound,

    /// <summary>Refused: there is one already.</summary>
    Exists,

    /// <summary>Refused: it is not the version that the client named.</summary>
    Conflict,

    /// <summary>No answer, or one that leaves open whether it was done.</summary>
    Unknown,
}
