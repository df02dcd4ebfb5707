namespace MiniKube.Storage.Embedded;

/// <summary>How far a watcher has read.</summary>
internal sealed class WatchCursor(long next)
{
    private long _next = next;

    /// <summary>The revision that it reads next.</summary>
    public long Next
    {
        get => Volatile.Read(ref _next);
        set => Volatile.Write(ref _next, value);
    }
}
