namespace MiniKube.ApiServer.WatchCache;

/// <summary>A watcher and where it begins.</summary>
/// <param name="Watcher">Receives every change after the revision.</param>
/// <param name="State">What there was at the revision; null when the client knows it.</param>
/// <param name="Revision">Nothing up to here is told by the watcher.</param>
internal sealed record WatchStart(CacheWatcher Watcher, CacheSnapshot? State, long Revision);
