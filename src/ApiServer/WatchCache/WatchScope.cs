namespace MiniKube.ApiServer.WatchCache;

/// <summary>
/// Which changes can concern a watcher at all: everything, one namespace, one object, or one value of the indexed field. A thousand kubelets that watch their
/// own pods cost a change of one pod one lookup, not a thousand comparisons.
/// </summary>
internal readonly record struct WatchScope(WatchScopeKind Kind, string Value)
{
    public static WatchScope Everything { get; } = new(WatchScopeKind.Everything, "");

    public static WatchScope Of(ObjectFilter filter) => filter switch
    {
        { Key: { } key } => new WatchScope(WatchScopeKind.Object, key),
        { IndexedValue: { } value } => new WatchScope(WatchScopeKind.IndexedValue, value),
        { Namespace.Length: > 0 } => new WatchScope(WatchScopeKind.Namespace, filter.Namespace),
        _ => Everything,
    };
}
