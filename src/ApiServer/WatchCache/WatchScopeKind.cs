namespace MiniKube.ApiServer.WatchCache;

/// <summary>What a <see cref="WatchScope"/> is limited to.</summary>
internal enum WatchScopeKind
{
    Everything,
    Namespace,
    Object,
    IndexedValue,
}
