namespace MiniKube.ApiServer.WatchCache;

/// <summary>One change of one object.</summary>
/// <param name="Type">What happened to it.</param>
/// <param name="Object">The object after the change; for a deletion its last state, with the deletion's revision.</param>
/// <param name="Previous">The object before the change; null when it was added.</param>
internal sealed record CacheEvent(CacheEventType Type, CachedObject Object, CachedObject? Previous)
{
    private CachedObject? _left;

    public long Revision => Object.Revision;

    /// <summary>The object as it was before, at this change's revision: what a watcher is told whose selector matches no longer. Made once for all.</summary>
    public CachedObject Left => _left ??= Type == CacheEventType.Deleted || Previous is null ? Object : Previous.AtRevision(Revision);
}
