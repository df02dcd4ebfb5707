namespace MiniKube.Storage;

/// <summary>Why a store could not do what it was asked.</summary>
public enum StorageErrorKind
{
    /// <summary>The revision has been compacted away.</summary>
    Compacted,

    /// <summary>The revision has not happened yet.</summary>
    FutureRevision,

    /// <summary>No member answered in time; a read had no effect, a write certainly did not happen.</summary>
    Unavailable,

    /// <summary>The fate of a write could not be learned: it may or may not have happened.</summary>
    Unknown,

    /// <summary>The value or the request is larger than the store takes.</summary>
    TooLarge,

    /// <summary>The store is out of space: reads and deletes work, puts do not.</summary>
    NoSpace,

    /// <summary>The store's content is not what it should be, or another process holds it.</summary>
    Failed,
}
