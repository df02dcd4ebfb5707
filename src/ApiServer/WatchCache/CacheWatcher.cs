using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace MiniKube.ApiServer.WatchCache;

/// <summary>
/// One watch: a bounded channel between the cacher, which never waits, and one client, which may be slow. When the channel is full the watcher is
/// ended, and the client resumes from where it was: a client that does not read costs a bound, and nobody else.
/// </summary>
internal sealed class CacheWatcher(ObjectFilter filter, bool wantsBookmarks) : IDisposable
{
    /// <summary>How far a client may fall behind. The events are shared with the history and other watchers: one that waits costs a reference.</summary>
    private const int Capacity = 10_000;

    /// <summary>How much may wait: objects that the history has let go are kept only by who has not read them.</summary>
    private const long MaximumBytes = 64 * 1024 * 1024;

    private readonly CancellationTokenSource _ended = new();
    private readonly Channel<WatcherEvent> _channel = Channel.CreateBounded<WatcherEvent>(
        new BoundedChannelOptions(Capacity) { SingleReader = true, SingleWriter = true });

    private long _waitingBytes;

    public ObjectFilter Filter { get; } = filter;

    public bool WantsBookmarks { get; } = wantsBookmarks;

    /// <summary>Cancelled when the watcher was ended because its client did not read: what is being sent to it is given up.</summary>
    public CancellationToken Ended => _ended.Token;

    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => _channel.Reader.WaitToReadAsync(cancellationToken);

    public bool TryRead([MaybeNullWhen(false)] out WatcherEvent next)
    {
        if (!_channel.Reader.TryRead(out next))
        {
            return false;
        }

        Interlocked.Add(ref _waitingBytes, -SizeOf(next));
        return true;
    }

    /// <summary>Translates the change to what this watcher sees of it. False if it should be told but cannot take it.</summary>
    public bool TryTell(CacheEvent change)
    {
        if (Translate(change) is not { } seen)
        {
            return true;
        }

        var size = SizeOf(seen);
        return Interlocked.Add(ref _waitingBytes, size) - size <= MaximumBytes && _channel.Writer.TryWrite(seen);
    }

    public bool TryTellBookmark(long revision) => _channel.Writer.TryWrite(new WatcherEvent(CacheEventType.Bookmark, null, revision));

    /// <summary>No more events; what was told is still delivered.</summary>
    public void Complete(Exception? error) => _channel.Writer.TryComplete(error);

    /// <summary>No more events, and nothing that waits is delivered.</summary>
    public void End()
    {
        Complete(null);
        _ended.Cancel();
    }

    public void Dispose() => _ended.Dispose();

    private static long SizeOf(WatcherEvent told) => told.Object?.Json.Length ?? 0;

    private WatcherEvent? Translate(CacheEvent change)
    {
        var before = change.Previous is { } previous && Filter.Matches(previous);
        var after = change.Type != CacheEventType.Deleted && Filter.Matches(change.Object);
        return (before, after) switch
        {
            (false, false) => null,
            (false, true) => new WatcherEvent(CacheEventType.Added, change.Object, change.Revision),
            (true, true) => new WatcherEvent(CacheEventType.Modified, change.Object, change.Revision),
            (true, false) => new WatcherEvent(CacheEventType.Deleted, change.Left, change.Revision),
        };
    }
}
