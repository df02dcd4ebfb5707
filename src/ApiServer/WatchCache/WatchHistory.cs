namespace MiniKube.ApiServer.WatchCache;

/// <summary>
/// The last changes of a resource, so that a watch can start in the past: at most upstream's 102,400, and a bounded number of bytes, but 100 whatever they
/// weigh and however old they are. An object that is still there weighs nothing here: the snapshot holds it anyway. Not thread-safe: its cacher's lock guards it.
/// </summary>
internal sealed class WatchHistory(long floor)
{
    private const int MinimumEvents = 100;
    private const int MaximumEvents = 102_400;
    private const long MaximumBytes = 32 * 1024 * 1024;

    /// <summary>The event itself, and of the object what is not its JSON.</summary>
    private const int EventBytes = 300;

    private readonly Queue<CacheEvent> _events = new();
    private long _bytes;

    /// <summary>Every change after this revision is here.</summary>
    public long Floor { get; private set; } = floor;

    public int Count => _events.Count;

    public void Add(CacheEvent change)
    {
        _events.Enqueue(change);
        _bytes += Weigh(change);
        while (_events.Count > MaximumEvents || (_bytes > MaximumBytes && _events.Count > MinimumEvents))
        {
            Drop();
        }
    }

    /// <summary>Drops the changes up to a revision, but for the last few: they are so old that whoever still needs them has gone.</summary>
    public void Forget(long revision)
    {
        while (_events.Count > MinimumEvents && _events.Peek().Revision <= revision)
        {
            Drop();
        }

        _events.TrimExcess();
    }

    public IEnumerable<CacheEvent> After(long revision) => _events.SkipWhile(change => change.Revision <= revision);

    private void Drop()
    {
        var dropped = _events.Dequeue();
        _bytes -= Weigh(dropped);
        Floor = dropped.Revision;
    }

    // What a change replaced is only held here; a deleted object twice, once somebody has been told of it at the revision of its deletion.
    private static long Weigh(CacheEvent change) =>
        EventBytes + ((change.Previous?.Json.Length ?? 0L) * (change.Type == CacheEventType.Deleted ? 2 : 1));
}
