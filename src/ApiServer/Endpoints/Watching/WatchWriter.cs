using System.Globalization;

using k8s.Models;

using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.Endpoints.Watching;

/// <summary>Writes watch events. A hot path: the object's bytes are the same for a thousand watchers, only copied (benchmark: watch).</summary>
internal abstract class WatchWriter(IWatchOutput output)
{
    public virtual string ContentType => "application/json";

    public bool IsLarge => output.IsLarge;

    public void Write(WatcherEvent next)
    {
        if (next.Object is { } obj)
        {
            WriteEvent(TypeOf(next.Type), obj);
        }
        else
        {
            WriteBookmark(next.Revision, "");
        }

        output.EndEvent();
    }

    /// <summary>Ends the list at the beginning of a WatchList (KEP-3157).</summary>
    public void WriteInitialEventsEnd(long revision)
    {
        WriteBookmark(revision, ",\"annotations\":{\"k8s.io/initial-events-end\":\"true\"}");
        output.EndEvent();
    }

    public void WriteError(V1Status status)
    {
        WriteStatus(Answer.EncodeStatus(status));
        output.EndEvent();
    }

    public ValueTask FlushAsync(CancellationToken cancellationToken) => output.FlushAsync(cancellationToken);

    protected abstract void WriteEvent(ReadOnlySpan<byte> type, CachedObject obj);

    /// <summary>An event BOOKMARK whose object has nothing but these metadata.</summary>
    protected abstract void WriteBookmark(string metadata);

    /// <summary>An event ERROR with this Status.</summary>
    protected abstract void WriteStatus(ReadOnlySpan<byte> status);

    protected void Write(ReadOnlySpan<byte> bytes) => output.Write(bytes);

    private static ReadOnlySpan<byte> TypeOf(CacheEventType type) => type switch
    {
        CacheEventType.Added => "ADDED"u8,
        CacheEventType.Modified => "MODIFIED"u8,
        _ => "DELETED"u8,
    };

    private void WriteBookmark(long revision, string annotations) => WriteBookmark(
        string.Create(CultureInfo.InvariantCulture, $"{{\"resourceVersion\":\"{revision}\",\"creationTimestamp\":null{annotations}}}"));
}
