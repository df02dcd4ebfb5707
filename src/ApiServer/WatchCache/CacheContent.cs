namespace MiniKube.ApiServer.WatchCache;

/// <summary>What was read of a resource, in order of keys: the objects, and what is none. Not thread-safe.</summary>
internal sealed class CacheContent
{
    private readonly List<CachedObject> _objects = [];
    private readonly List<UnreadableObject> _unreadable = [];

    public IReadOnlyList<CachedObject> Objects => _objects;

    public IReadOnlyList<UnreadableObject> Unreadable => _unreadable;

    public void Add(CachedObject obj) => _objects.Add(obj);

    public void Add(UnreadableObject unreadable) => _unreadable.Add(unreadable);

    public void Add(CacheContent next)
    {
        _objects.AddRange(next.Objects);
        _unreadable.AddRange(next.Unreadable);
    }
}
