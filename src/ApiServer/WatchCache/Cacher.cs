using System.Collections.Immutable;

using MiniKube.Api.Errors;
using MiniKube.Storage;

namespace MiniKube.ApiServer.WatchCache;

/// <summary>
/// All objects of one resource in memory, and their recent changes. One feed writes (<see cref="StoreFeed"/>), everybody reads:
/// <see cref="Snapshot"/> without any lock; watchers and history under a lock that is never held while something waits.
/// </summary>
internal sealed class Cacher(ObjectReader reader, CacheProgress progress, SnapshotArchive archive)
{
    private readonly Lock _lock = new();
    private readonly WatcherSet _watchers = new(reader.IndexedField);
    private WatchHistory _history = new(0);
    private volatile CacheSnapshot _snapshot = CacheSnapshot.Empty;
    private long _filledAt;
    private bool _isRetired;

    /// <summary>Where the resource's keys begin in the store, such as <c>/registry/pods/</c>.</summary>
    public string Prefix => reader.Prefix;

    /// <summary>The newest state; never older than what <see cref="CacheProgress"/> has published.</summary>
    public CacheSnapshot Snapshot => _snapshot;

    /// <summary>Snapshots that unfinished paged lists go on from.</summary>
    public SnapshotArchive Archive => archive;

    /// <summary>Makes an object of a value that was read from the store directly.</summary>
    public CachedObject Read(KeyValue stored) => reader.Read(stored);

    /// <summary>Makes a state of values that were read from the store directly. It has no index.</summary>
    public CacheSnapshot Read(IReadOnlyList<KeyValue> items, long revision)
    {
        var content = new CacheContent();
        foreach (var item in items)
        {
            Read(item, content);
        }

        return new CacheSnapshot(revision, ByKey(content), BTree<CachedObject>.Empty) { IsIndexed = false, Unreadable = UnreadableByKey(content) };
    }

    /// <summary>Makes an object of bytes as they are served.</summary>
    public CachedObject ReadServed(ReadOnlyMemory<byte> json) => reader.ReadServed(json);

    /// <summary>The same of a value that may be broken.</summary>
    public void Read(KeyValue stored, CacheContent content)
    {
        if (reader.TryRead(stored, out var unreadable) is { } obj)
        {
            content.Add(obj);
        }
        else if (unreadable is not null)
        {
            content.Add(unreadable);
        }
    }

    /// <summary>Takes over a whole state, in order of keys, at start or when the feed lost its place. Watchers are ended: what happened between is not known.</summary>
    public void Reset(CacheContent content, long revision)
    {
        var byKey = ByKey(content);
        var unreadable = UnreadableByKey(content);
        var index = reader.IndexedField is null
            ? BTree<CachedObject>.Empty
            : BTree<CachedObject>.FromSorted(
                [.. content.Objects.Select(obj => KeyValuePair.Create(reader.IndexKey(obj), obj)).OrderBy(pair => pair.Key, StringComparer.Ordinal)]);
        lock (_lock)
        {
            _history = new WatchHistory(revision);
            _snapshot = new CacheSnapshot(revision, byKey, index) { Unreadable = unreadable };
            _filledAt = revision;
            EndWatchers();
        }
    }

    /// <summary>The resource is served no more, or by another cacher: watchers are ended, so that their clients look again.</summary>
    public void Retire()
    {
        lock (_lock)
        {
            _isRetired = true;
            EndWatchers();
        }
    }

    /// <summary>Takes over changes of whole revisions, in order, and tells the watchers.</summary>
    public void Apply(IReadOnlyList<KeyEvent> events)
    {
        lock (_lock)
        {
            var (revision, objects, index) = _snapshot;
            var unreadable = _snapshot.Unreadable;
            var replaced = _snapshot.ReplacedBytes;
            foreach (var keyEvent in events)
            {
                if (keyEvent.KeyValue.ModRevision <= _filledAt)
                {
                    // It was filled while these events were on their way.
                    continue;
                }

                if (ToChange(keyEvent, objects, ref unreadable) is { } change)
                {
                    (objects, index) = Apply(change, objects, index);
                    replaced += change.Previous?.Json.Length ?? 0;
                    _history.Add(change);
                    Tell(change);
                }

                revision = keyEvent.KeyValue.ModRevision;
            }

            _snapshot = new CacheSnapshot(revision, objects, index) { Unreadable = unreadable, ReplacedBytes = replaced };
            archive.Trim(_snapshot);
        }
    }

    /// <summary>Watches every change after a revision. Throws Expired when the history does not reach back that far.</summary>
    public CacheWatcher WatchFrom(long revision, ObjectFilter filter, bool wantsBookmarks)
    {
        var watcher = new CacheWatcher(filter, wantsBookmarks);
        lock (_lock)
        {
            if (revision < _history.Floor)
            {
                throw StatusException.Expired($"too old resource version: {revision} ({_history.Floor})");
            }

            foreach (var change in _history.After(revision))
            {
                if (!watcher.TryTell(change))
                {
                    // More has been missed than a watcher may be behind: listing again is cheaper for everybody.
                    throw StatusException.Expired($"too old resource version: {revision} ({change.Revision})");
                }
            }

            Add(watcher);
        }

        return watcher;
    }

    /// <summary>Watches every change after the state that is returned with the watcher.</summary>
    public WatchStart WatchFromNow(ObjectFilter filter, bool wantsBookmarks)
    {
        var watcher = new CacheWatcher(filter, wantsBookmarks);
        var published = progress.Revision;
        lock (_lock)
        {
            Add(watcher);
            return new WatchStart(watcher, _snapshot, Math.Max(published, _snapshot.Revision));
        }
    }

    public void Remove(CacheWatcher watcher)
    {
        lock (_lock)
        {
            _watchers.Remove(watcher);
        }
    }

    /// <summary>How many watches there are.</summary>
    public int Watchers
    {
        get
        {
            lock (_lock)
            {
                return _watchers.Count;
            }
        }
    }

    public void SendBookmarks()
    {
        // Read first: everything up to here has been told, whatever is told meanwhile is newer.
        var published = progress.Revision;
        lock (_lock)
        {
            var revision = Math.Max(published, _snapshot.Revision);
            foreach (var watcher in _watchers.All.Where(watcher => watcher.WantsBookmarks))
            {
                watcher.TryTellBookmark(revision);
            }
        }
    }

    /// <summary>Nobody is expected to watch from that revision or before it any more, nor to go on with a list that has expired.</summary>
    public void Forget(long revision)
    {
        lock (_lock)
        {
            _history.Forget(revision);
            archive.Trim(_snapshot);
        }
    }

    private static BTree<CachedObject> ByKey(CacheContent content) =>
        BTree<CachedObject>.FromSorted([.. content.Objects.Select(obj => KeyValuePair.Create(obj.Key, obj))]);

    private ImmutableSortedDictionary<string, UnreadableObject> UnreadableByKey(CacheContent content) =>
        CacheSnapshot.Empty.Unreadable.AddRange(content.Unreadable.Select(obj => KeyValuePair.Create(obj.StoreKey[reader.Prefix.Length..], obj)));

    private void Add(CacheWatcher watcher)
    {
        if (_isRetired)
        {
            watcher.Complete(null);
            return;
        }

        _watchers.Add(watcher);
    }

    private void EndWatchers()
    {
        foreach (var watcher in _watchers.All)
        {
            watcher.Complete(null);
        }

        _watchers.Clear();
    }

    // Watchers know nothing of a value that cannot be read: they are told what becomes of the object they know when it is written anew or deleted.
    private CacheEvent? ToChange(KeyEvent keyEvent, BTree<CachedObject> objects, ref ImmutableSortedDictionary<string, UnreadableObject> unreadable)
    {
        var key = reader.KeyOf(keyEvent.KeyValue);
        var previous = objects.Find(key);
        unreadable = unreadable.Remove(key);
        if (keyEvent.Type == KeyEventType.Delete)
        {
            return previous is null
                ? null
                : new CacheEvent(CacheEventType.Deleted, previous.AtRevision(keyEvent.KeyValue.ModRevision), previous);
        }

        if (reader.TryRead(keyEvent.KeyValue, out var broken) is { } obj)
        {
            return new CacheEvent(previous is null ? CacheEventType.Added : CacheEventType.Modified, obj, previous);
        }

        unreadable = broken is null ? unreadable : unreadable.SetItem(key, broken);
        return null;
    }

    private (BTree<CachedObject> Objects, BTree<CachedObject> Index) Apply(CacheEvent change, BTree<CachedObject> objects, BTree<CachedObject> index)
    {
        var deleted = change.Type == CacheEventType.Deleted;
        objects = deleted ? objects.Remove(change.Object.Key) : objects.Set(change.Object.Key, change.Object);
        if (reader.IndexedField is null)
        {
            return (objects, index);
        }

        if (change.Previous is { } previous && (deleted || reader.IndexKey(previous) != reader.IndexKey(change.Object)))
        {
            index = index.Remove(reader.IndexKey(previous));
        }

        return (objects, deleted ? index : index.Set(reader.IndexKey(change.Object), change.Object));
    }

    private void Tell(CacheEvent change)
    {
        if (_watchers.Dispatch(change) is { } full)
        {
            foreach (var watcher in full)
            {
                _watchers.Remove(watcher);
                watcher.End();
            }
        }
    }
}
