using MiniKube.ApiServer.Endpoints.Tables;
using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.Endpoints.Watching;

/// <summary>Events with PartialObjectMetadata.</summary>
internal sealed class MetadataWatchWriter(IWatchOutput output, string version) : JsonWatchWriter(output)
{
    protected override void WriteObject(CachedObject obj)
    {
        Write(PartialMetadata.Head(version).Span);
        Write(obj.Bytes.Metadata.Span);
        Write(PartialMetadata.Tail.Span);
    }

    protected override string BookmarkObject(string metadata) =>
        $"{{\"kind\":\"PartialObjectMetadata\",\"apiVersion\":\"meta.k8s.io/{version}\",\"metadata\":{metadata}}}";
}
