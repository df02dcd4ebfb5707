namespace MiniKube.ApiServer.WatchCache;

/// <summary>How far the one watch has come: every cacher holds all changes up to <see cref="Revision"/>.</summary>
internal sealed class CacheProgress
{
    private readonly Lock _lock = new();
    private readonly List<(long Revision, TaskCompletionSource Reached)> _waiters = [];
    private long _revision;

    public long Revision => Volatile.Read(ref _revision);

    public void Publish(long revision)
    {
        lock (_lock)
        {
            Volatile.Write(ref _revision, revision);
            foreach (var waiter in _waiters)
            {
                if (waiter.Revision <= revision)
                {
                    waiter.Reached.TrySetResult();
                }
            }

            _waiters.RemoveAll(waiter => waiter.Revision <= revision);
        }
    }

    /// <summary>Completes when the cache holds that revision.</summary>
    public Task WaitAsync(long revision, CancellationToken cancellationToken) =>
        Revision >= revision ? Task.CompletedTask : WaitInLineAsync(revision, cancellationToken);

    private async Task WaitInLineAsync(long revision, CancellationToken cancellationToken)
    {
        var waiter = (Revision: revision, Reached: new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_lock)
        {
            if (Revision >= revision)
            {
                return;
            }

            _waiters.Add(waiter);
        }

        try
        {
            await waiter.Reached.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // A revision that never comes must not hold its waiter for ever.
            lock (_lock)
            {
                _waiters.Remove(waiter);
            }

            throw;
        }
    }
}
