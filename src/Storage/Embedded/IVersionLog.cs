namespace MiniKube.Storage.Embedded;

/// <summary>
/// Every version of every key with its value, in the order of their ids. One thread appends; any thread reads.
/// </summary>
internal interface IVersionLog : IDisposable
{
    /// <summary>Everything that was kept, without values. Called once, before anything else.</summary>
    LogContent Load();

    /// <summary>Makes a batch durable, all or nothing. Throws NoSpace or Unavailable when nothing was written, Failed when that is not known.</summary>
    void Append(CommitBatch batch);

    /// <summary>Versions with their values; null when one of them has been compacted away.</summary>
    IReadOnlyList<KeyValue>? TryRead(IReadOnlyList<KeyVersion> versions);

    /// <summary>Events in the range from one revision to another, both inclusive, as many as fit a page.</summary>
    HistoryPage ReadHistory(KeyRange range, long fromRevision, long toRevision);

    /// <summary>Whether space is free that could be given back. Only for the writing thread.</summary>
    bool HasSpareSpace { get; }

    /// <summary>Work that can wait until the writers of the last batch have their answer.</summary>
    void Tidy();
}
