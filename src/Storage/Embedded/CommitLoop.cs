using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace MiniKube.Storage.Embedded;

/// <summary>
/// The one writer. Takes all writes that wait, judges them in order, makes them durable with one fsync, shows them to readers and
/// watchers, and only then answers: group commit. A thread of its own, because it spends its life waiting for the disk.
/// </summary>
internal sealed partial class CommitLoop : IAsyncDisposable
{
    private const int MaxBatch = 512;
    private const int MaxWaiting = 4096;
    private static readonly TimeSpan ExpiryRetry = TimeSpan.FromSeconds(1);

    private readonly Channel<PendingWrite> _waiting = Channel.CreateBounded<PendingWrite>(
        new BoundedChannelOptions(MaxWaiting) { SingleReader = true });

    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ExpiryQueue _expiry;
    private readonly KeyIndex _index;
    private readonly IVersionLog _log;
    private readonly RecentChanges _recent;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    public CommitLoop(KeyIndex index, IVersionLog log, RecentChanges recent, TimeProvider time, ILogger logger)
    {
        (_index, _log, _recent, _time, _logger) = (index, log, recent, time, logger);

        // A full queue wakes the writer anyway.
        _expiry = new ExpiryQueue(time, () => _waiting.Writer.TryWrite(new PendingWrite(batch => batch.Succeed(), CancellationToken.None)));
    }

    /// <summary>Starts writing. The versions are those that are to expire, from before.</summary>
    public void Start(IEnumerable<KeyVersion> expiring)
    {
        foreach (var version in expiring)
        {
            Track(version);
        }

        _expiry.SetAlarm();
        new Thread(Run) { IsBackground = true, Name = "store-writer" }.Start();
    }

    /// <summary>Queues a write and waits until it is durable.</summary>
    public async Task<TransactionResult> WriteAsync(Func<CommitBatch, TransactionResult> judge, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var write = new PendingWrite(judge, cancellationToken);
        try
        {
            await _waiting.Writer.WriteAsync(write, cancellationToken);
        }
        catch (ChannelClosedException e)
        {
            throw e.InnerException is StorageException failure
                ? new StorageException(failure.Kind, failure.Message, failure)
                : new StorageException(StorageErrorKind.Unavailable, "the store is closed", e);
        }

        return await write.Task.WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _expiry.DisposeAsync();
        _waiting.Writer.TryComplete();
        await _stopped.Task;
    }

    private void Run()
    {
        var writes = new List<PendingWrite>(MaxBatch);
        try
        {
            while (Wait())
            {
                Take(writes);
                Expire();
                if (!TryCommit(writes))
                {
                    // Some of them may still fit, deletes above all.
                    writes.ForEach(write => TryCommit([write]));
                }

                Tidy();
                _expiry.SetAlarm();
            }
        }
        catch (Exception e)
        {
            Fail(writes, e);
        }

        _stopped.SetResult();
    }

    private bool Wait() => _expiry.IsDue || _waiting.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult();

    private void Take(List<PendingWrite> writes)
    {
        writes.Clear();
        while (writes.Count < MaxBatch && _waiting.Reader.TryRead(out var write))
        {
            if (write.IsAbandoned)
            {
                write.TrySetCanceled();
            }
            else
            {
                writes.Add(write);
            }
        }
    }

    private void Expire()
    {
        if (!_expiry.IsDue)
        {
            return;
        }

        var keys = _expiry.Take(TransactionLimits.MaxOperations);
        var write = new PendingWrite(batch => batch.Expire(keys), CancellationToken.None);
        TryCommit([write]);
        if (write.Task.Exception is not null)
        {
            Log.ExpiryDelayed(_logger, write.Task.Exception, keys.Count);
        }

        // Those that were renewed meanwhile, and those that could not be deleted.
        foreach (var key in keys)
        {
            if (_index.Newest(key) is { Expires: { } expires })
            {
                var soon = _time.GetUtcNow() + ExpiryRetry;
                _expiry.Add(key, expires > soon ? expires : soon);
            }
        }
    }

    /// <summary>Commits together, or returns false when there is no space for all of them.</summary>
    private bool TryCommit(List<PendingWrite> writes)
    {
        var batch = new CommitBatch(_index, _log, _time.GetUtcNow());
        foreach (var write in writes)
        {
            write.Judge(batch);
        }

        try
        {
            if (!batch.IsEmpty)
            {
                _log.Append(batch);
            }
        }
        catch (StorageException e) when (e.Kind == StorageErrorKind.NoSpace && writes.Count > 1)
        {
            return false;
        }
        catch (StorageException e) when (e.Kind != StorageErrorKind.Failed)
        {
            writes.ForEach(write => write.TrySetException(e));
            return true;
        }

        Publish(batch);
        foreach (var write in writes)
        {
            write.Acknowledge();
        }

        return true;
    }

    private void Tidy()
    {
        try
        {
            _log.Tidy();
        }
        catch (StorageException e) when (e.Kind != StorageErrorKind.Failed)
        {
            Log.NotTidied(_logger, e);
        }
    }

    private void Publish(CommitBatch batch)
    {
        if (batch.Entries.Count == 0)
        {
            return;
        }

        _index.Publish(batch.Entries, batch.Revision);
        _recent.Publish(batch.Entries);
        foreach (var entry in batch.Entries)
        {
            Track(entry.Version);
        }
    }

    private void Track(KeyVersion version)
    {
        if (version.Expires is { } expires)
        {
            _expiry.Add(version.Key, expires);
        }
    }

    // What is on the disk is not known any more: the store takes no further write until it is opened again.
    private void Fail(List<PendingWrite> writes, Exception reason)
    {
        Log.WriterFailed(_logger, reason);
        var failure = new StorageException(StorageErrorKind.Failed, $"the store takes no more writes: {reason.Message}", reason);
        _waiting.Writer.TryComplete(failure);
        foreach (var write in writes)
        {
            write.TrySetException(new StorageException(StorageErrorKind.Unknown, reason.Message, reason));
        }

        while (_waiting.Reader.TryRead(out var write))
        {
            write.TrySetException(failure);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "The store's writer failed; no more writes are taken")]
        public static partial void WriterFailed(ILogger logger, Exception exception);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The store's write-ahead log could not be copied into its file; it grows meanwhile")]
        public static partial void NotTidied(ILogger logger, Exception exception);

        [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} expired keys could not be deleted; trying again")]
        public static partial void ExpiryDelayed(ILogger logger, Exception exception, int count);
    }
}
