using System.Text;

using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.Endpoints.Watching;

/// <summary>Events as JSON, one a line. What forms differ in is how an object is written.</summary>
internal abstract class JsonWatchWriter(IWatchOutput output) : WatchWriter(output)
{
    protected sealed override void WriteEvent(ReadOnlySpan<byte> type, CachedObject obj)
    {
        Begin(type);
        WriteObject(obj);
        Write("}\n"u8);
    }

    protected sealed override void WriteBookmark(string metadata)
    {
        Begin("BOOKMARK"u8);
        Write(Encoding.UTF8.GetBytes(BookmarkObject(metadata)));
        Write("}\n"u8);
    }

    protected sealed override void WriteStatus(ReadOnlySpan<byte> status)
    {
        Begin("ERROR"u8);
        Write(status);
        Write("}\n"u8);
    }

    protected abstract void WriteObject(CachedObject obj);

    /// <summary>An object of the kind that is written, with nothing but these metadata.</summary>
    protected abstract string BookmarkObject(string metadata);

    private void Begin(ReadOnlySpan<byte> type)
    {
        Write("{\"type\":\""u8);
        Write(type);
        Write("\",\"object\":"u8);
    }
}
