namespace MiniKube.Storage;

/// <summary>
/// etcd's model: one revision counter and multi-version keys. Revisions rise by one a transaction that changes something; a commit that
/// was acknowledged survives kill -9 of everything; a watch delivers every change after its start exactly once, in order, or
/// fails with <see cref="StorageException"/> saying that it cannot.
/// </summary>
public interface IKeyValueStore : IAsyncDisposable
{
    /// <summary>Reads at <see cref="RangeQuery.Revision"/>, or linearizable now when that is 0. Throws Compacted or FutureRevision.</summary>
    Task<RangeResult> RangeAsync(RangeQuery query, CancellationToken cancellationToken);

    /// <summary>If every compare holds, carries out every operation atomically; else changes nothing.</summary>
    Task<TransactionResult> CommitAsync(Transaction transaction, CancellationToken cancellationToken);

    /// <summary>Every change in the range from that revision on (inclusive), in whole revisions. Throws Compacted when too old.</summary>
    IAsyncEnumerable<WatchBatch> WatchAsync(KeyRange range, long fromRevision, CancellationToken cancellationToken);

    /// <summary>The newest revision, linearizable. Never writes.</summary>
    Task<long> CurrentRevisionAsync(CancellationToken cancellationToken);

    /// <summary>Forgets what was overwritten or deleted before that revision.</summary>
    Task CompactAsync(long revision, CancellationToken cancellationToken);
}
