namespace MiniKube.ApiServer.WatchCache;

/// <summary>
/// The last changes of a resource, so that a watch can start in the past: at most upstream's 102,400 (and 100 are kept whatever they weigh), and a bounded
/// number of bytes. Not thread-safe: its cacher's lock guards it.
/// </summary>
internal sealed class WatchHistory(long floor)
{
    private const int MinimumEvents = 100;
    private const int MaximumEvents = 102_400;
    private const long MaximumBytes = 32 * 1024 * 1024;

    private readonly Queue<CacheEvent> _events = new();
    private long _bytes;

    /// <summary>Every change after this revision is here.</summary>
    public long Floor { get; private set; } = floor;

    public void Add(CacheEvent change)
    {
        _events.Enqueue(change);
        _bytes += change.Object.Json.Length;
        while (_events.Count > MaximumEvents || (_bytes > MaximumBytes && _events.Count > MinimumEvents))
        {
            var dropped = _events.Dequeue();
            _bytes -= dropped.Object.Json.Length;
            Floor = dropped.Revision;
        }
    }

    public IEnumerable<CacheEvent> After(long revision) => _events.SkipWhile(change => change.Revision <= revision);
}
