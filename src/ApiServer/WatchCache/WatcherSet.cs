namespace MiniKube.ApiServer.WatchCache;

/// <summary>The watchers of one resource by scope. Not thread-safe: its cacher's lock guards it.</summary>
internal sealed class WatcherSet(string? indexedField)
{
    private readonly Dictionary<WatchScope, HashSet<CacheWatcher>> _watchers = [];

    public IEnumerable<CacheWatcher> All => _watchers.Values.SelectMany(watchers => watchers);

    public int Count { get; private set; }

    public void Add(CacheWatcher watcher)
    {
        var scope = WatchScope.Of(watcher.Filter);
        if (!_watchers.TryGetValue(scope, out var watchers))
        {
            _watchers[scope] = watchers = [];
        }

        Count += watchers.Add(watcher) ? 1 : 0;
    }

    public void Remove(CacheWatcher watcher)
    {
        var scope = WatchScope.Of(watcher.Filter);
        if (!_watchers.TryGetValue(scope, out var watchers) || !watchers.Remove(watcher))
        {
            return;
        }

        Count--;
        if (watchers.Count == 0)
        {
            _watchers.Remove(scope);
        }
    }

    public void Clear()
    {
        _watchers.Clear();
        Count = 0;
    }

    /// <summary>Hands a change to every watcher that it may concern; returns those that cannot take it because they do not read.</summary>
    public List<CacheWatcher>? Dispatch(CacheEvent change)
    {
        List<CacheWatcher>? full = null;
        DispatchTo(WatchScope.Everything, change, ref full);
        if (_watchers.Count == 0)
        {
            return full;
        }

        DispatchTo(new WatchScope(WatchScopeKind.Object, change.Object.Key), change, ref full);
        if (change.Object.Namespace is { Length: > 0 } ns)
        {
            DispatchTo(new WatchScope(WatchScopeKind.Namespace, ns), change, ref full);
        }

        if (indexedField is not null)
        {
            DispatchToIndexed(indexedField, change, ref full);
        }

        return full;
    }

    private void DispatchToIndexed(string field, CacheEvent change, ref List<CacheWatcher>? full)
    {
        var value = change.Object.Field(field);
        DispatchTo(new WatchScope(WatchScopeKind.IndexedValue, value), change, ref full);

        // A pod that moves away from a value concerns who watched the old one.
        if (change.Previous?.Field(field) is { } previous && previous != value)
        {
            DispatchTo(new WatchScope(WatchScopeKind.IndexedValue, previous), change, ref full);
        }
    }

    private void DispatchTo(WatchScope scope, CacheEvent change, ref List<CacheWatcher>? full)
    {
        if (!_watchers.TryGetValue(scope, out var watchers))
        {
            return;
        }

        foreach (var watcher in watchers)
        {
            if (!watcher.TryTell(change))
            {
                (full ??= []).Add(watcher);
            }
        }
    }
}
