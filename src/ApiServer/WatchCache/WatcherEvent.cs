namespace MiniKube.ApiServer.WatchCache;

/// <summary>A change as one watcher sees it: an object that comes to match its selector is added, one that leaves it is deleted. A bookmark has no object.</summary>
internal readonly record struct WatcherEvent(CacheEventType Type, CachedObject? Object, long Revision);
