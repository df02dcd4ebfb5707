using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;

using k8s.Models;

using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.Endpoints;

/// <summary>
/// Writes watch events, one a line. A hot path: the object's bytes are the same for a thousand watchers, only copied (benchmark: watch). What forms differ in
/// is how an object is written.
/// </summary>
internal abstract class WatchWriter(PipeWriter output)
{
    private const int FlushFrom = 64 * 1024;

    public virtual string ContentType => "application/json";

    public bool IsLarge => output.CanGetUnflushedBytes && output.UnflushedBytes >= FlushFrom;

    public void Write(WatcherEvent next)
    {
        switch (next.Type)
        {
            case CacheEventType.Bookmark:
                WriteBookmark(next.Revision, "");
                return;
            case CacheEventType.Added:
                Write("{\"type\":\"ADDED\",\"object\":"u8);
                break;
            case CacheEventType.Modified:
                Write("{\"type\":\"MODIFIED\",\"object\":"u8);
                break;
            default:
                Write("{\"type\":\"DELETED\",\"object\":"u8);
                break;
        }

        if (next.Object is { } obj)
        {
            WriteObject(obj);
        }

        Write("}\n"u8);
    }

    /// <summary>Ends the list at the beginning of a WatchList (KEP-3157).</summary>
    public void WriteInitialEventsEnd(long revision) => WriteBookmark(revision, ",\"annotations\":{\"k8s.io/initial-events-end\":\"true\"}");

    public void WriteError(V1Status status)
    {
        Write("{\"type\":\"ERROR\",\"object\":"u8);
        Write(Answer.EncodeStatus(status));
        Write("}\n"u8);
    }

    public ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken) => output.FlushAsync(cancellationToken);

    protected abstract void WriteObject(CachedObject obj);

    /// <summary>An object of the kind that is written, with nothing but these metadata.</summary>
    protected abstract string BookmarkObject(string metadata);

    protected void Write(ReadOnlySpan<byte> bytes) => output.Write(bytes);

    private void WriteBookmark(long revision, string annotations)
    {
        var metadata = string.Create(CultureInfo.InvariantCulture, $"{{\"resourceVersion\":\"{revision}\",\"creationTimestamp\":null{annotations}}}");
        Write("{\"type\":\"BOOKMARK\",\"object\":"u8);
        Write(Encoding.UTF8.GetBytes(BookmarkObject(metadata)));
        Write("}\n"u8);
    }
}
