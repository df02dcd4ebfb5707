using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace MiniKube.Storage.Embedded;

/// <summary>
/// etcd's model inside the process. Keys and versions are in memory, values in a log on disk (SQLite) that is written by one thread
/// with one fsync for all writes that wait. A commit is readable and seen by watchers before it is acknowledged, and durable before that.
/// </summary>
public sealed class EmbeddedStore : IKeyValueStore
{
    private const int RemovalsPerCommit = 500;

    private readonly KeyIndex _index = new();
    private readonly RecentChanges _recent = new();
    private readonly SemaphoreSlim _compacting = new(1);
    private readonly IVersionLog _log;
    private readonly CommitLoop _writer;

    private EmbeddedStore(IVersionLog log, ILogger logger, TimeProvider time)
    {
        _log = log;
        _writer = new CommitLoop(_index, log, _recent, time, logger);
    }

    /// <summary>Opens or makes the store. Throws Failed when another process has it open or the file is not a store.</summary>
    public static Task<EmbeddedStore> OpenAsync(
        EmbeddedStoreOptions options, ILogger<EmbeddedStore> logger, TimeProvider timeProvider, CancellationToken cancellationToken) =>
        Task.Run(() => Open(options, logger, timeProvider), cancellationToken);

    /// <summary>
    /// Copies a store's file as it is at one revision, also while another process has it open. The copy can be opened as a store. Throws Failed when the file is not a store.
    /// </summary>
    public static Task CopyAsync(string path, string copy, CancellationToken cancellationToken) => Task.Run(() => SqliteSchema.Copy(path, copy), cancellationToken);

    public async Task<RangeResult> RangeAsync(RangeQuery query, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var snapshot = _index.Range(query);
            if (_log.TryRead(snapshot.Versions) is { } items)
            {
                return new RangeResult(snapshot.Revision, snapshot.Count, items);
            }

            // A compaction took values away between the two steps: look again.
            await Task.Yield();
        }
    }

    public Task<TransactionResult> CommitAsync(Transaction transaction, CancellationToken cancellationToken)
    {
        TransactionLimits.Check(transaction);
        return _writer.WriteAsync(batch => batch.Apply(transaction), cancellationToken);
    }

    public async IAsyncEnumerable<WatchBatch> WatchAsync(
        KeyRange range, long fromRevision, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(fromRevision, 1);
        CheckNotCompacted(fromRevision);
        var cursor = _recent.Open(fromRevision);
        try
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var page = Read(cursor, range);
                cursor.Next = Math.Max(cursor.Next, page.Revision + 1);
                if (page.Events.Count > 0)
                {
                    yield return new WatchBatch(page.Events[^1].KeyValue.ModRevision, page.Events);
                }

                await _recent.WaitAsync(cursor, cancellationToken);
            }
        }
        finally
        {
            _recent.Close(cursor);
        }
    }

    public Task<long> CurrentRevisionAsync(CancellationToken cancellationToken) => Task.FromResult(_index.Revision);

    /// <summary>Ends when the space is free again. Compactions that come together wait for each other.</summary>
    public async Task CompactAsync(long revision, CancellationToken cancellationToken)
    {
        await _compacting.WaitAsync(cancellationToken);
        try
        {
            List<long>? garbage = null;
            await _writer.WriteAsync(
                batch =>
                {
                    garbage ??= _index.Compact(revision);
                    batch.CompactRevision = revision;
                    return batch.Succeed();
                },
                cancellationToken);
            await RemoveAsync(garbage ?? []);
        }
        finally
        {
            _compacting.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        _recent.Close(new StorageException(StorageErrorKind.Unavailable, "the store is closed"));
        _log.Dispose();
        _compacting.Dispose();
    }

    private static EmbeddedStore Open(EmbeddedStoreOptions options, ILogger logger, TimeProvider time)
    {
        IVersionLog log = options.Path == EmbeddedStoreOptions.InMemory ? new MemoryLog() : SqliteLog.Open(options);
        try
        {
            var store = new EmbeddedStore(log, logger, time);
            store.Load(time);
            return store;
        }
        catch
        {
            log.Dispose();
            throw;
        }
    }

    private void Load(TimeProvider time)
    {
        _index.Load(_log.Load());
        if (_index.RemoveGarbage() is { Count: > 0 } garbage)
        {
            // The process ended in the middle of a compaction.
            _log.Append(new CommitBatch(_index, _log, time.GetUtcNow()) { Removals = garbage });
        }

        _recent.Start(_index.Revision);
        _writer.Start(_index.Expiring());
    }

    private HistoryPage Read(WatchCursor cursor, KeyRange range)
    {
        if (_recent.TryRead(cursor, range, out var last) is { } events)
        {
            return new HistoryPage(last, events);
        }

        var page = _log.ReadHistory(range, cursor.Next, last);

        // Compaction is announced before anything is removed: if it is not announced by now, the page is whole.
        CheckNotCompacted(cursor.Next);
        return page;
    }

    private void CheckNotCompacted(long revision)
    {
        if (revision <= _index.CompactRevision)
        {
            throw KeyIndex.Compacted(revision, _index.CompactRevision);
        }
    }

    // In small steps that ride along with the commits of others. Not cancelled: nobody would find the rest before the next start.
    private async Task RemoveAsync(List<long> garbage)
    {
        foreach (var removals in garbage.Chunk(RemovalsPerCommit))
        {
            await _writer.WriteAsync(
                batch =>
                {
                    batch.Removals = removals;
                    return batch.Succeed();
                },
                CancellationToken.None);
        }

        var hasSpareSpace = true;
        while (hasSpareSpace)
        {
            await _writer.WriteAsync(
                batch =>
                {
                    batch.Vacuum = hasSpareSpace = _log.HasSpareSpace;
                    return batch.Succeed();
                },
                CancellationToken.None);
        }
    }
}
