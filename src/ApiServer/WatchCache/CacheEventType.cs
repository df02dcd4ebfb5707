namespace MiniKube.ApiServer.WatchCache;

/// <summary>What a watch event tells.</summary>
internal enum CacheEventType
{
    Added,
    Modified,
    Deleted,

    /// <summary>Nothing happened; the watcher has seen everything up to a revision.</summary>
    Bookmark,
}
