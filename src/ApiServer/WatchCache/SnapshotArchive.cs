namespace MiniKube.ApiServer.WatchCache;

/// <summary>
/// Old states of one resource, for lists that are read in pages: pages of one list are of one revision. They share almost everything with the newest
/// state; they are kept for five minutes (as long as upstream's continue tokens live), and as many as hold a bounded number of objects' bytes that the newest state does
/// not hold. One that is gone is read from the store again.
/// </summary>
internal sealed class SnapshotArchive(TimeProvider clock)
{
    private const int Capacity = 64;
    private const long MaximumBytes = 64 * 1024 * 1024;
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private readonly LinkedList<(long Revision, CacheSnapshot Snapshot, DateTimeOffset Expires)> _kept = new();

    /// <summary>Keeps a snapshot under the revision that a list was answered with (it may be above the snapshot's last change).</summary>
    public void Keep(long revision, CacheSnapshot snapshot)
    {
        var now = clock.GetUtcNow();
        lock (_lock)
        {
            DropExpired(now);
            DropHeavy(snapshot);
            if (!_kept.Any(entry => entry.Revision == revision))
            {
                _kept.AddLast((revision, snapshot, now + Lifetime));
                if (_kept.Count > Capacity)
                {
                    _kept.RemoveFirst();
                }
            }
        }
    }

    public CacheSnapshot? Find(long revision)
    {
        lock (_lock)
        {
            DropExpired(clock.GetUtcNow());
            foreach (var entry in _kept)
            {
                if (entry.Revision == revision)
                {
                    return entry.Snapshot;
                }
            }
        }

        return null;
    }

    /// <summary>Lets those go that have expired, or hold too much beside the newest state.</summary>
    public void Trim(CacheSnapshot newest)
    {
        lock (_lock)
        {
            if (_kept.Count > 0)
            {
                DropExpired(clock.GetUtcNow());
                DropHeavy(newest);
            }
        }
    }

    private void DropHeavy(CacheSnapshot newest)
    {
        while (_kept.First is { } oldest && newest.ReplacedBytes - oldest.Value.Snapshot.ReplacedBytes > MaximumBytes)
        {
            _kept.RemoveFirst();
        }
    }

    private void DropExpired(DateTimeOffset now)
    {
        while (_kept.First is { } oldest && oldest.Value.Expires <= now)
        {
            _kept.RemoveFirst();
        }
    }
}
