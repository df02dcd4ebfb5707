using System.IO.Pipelines;

using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.Endpoints.Tables;

/// <summary>Events with PartialObjectMetadata.</summary>
internal sealed class MetadataWatchWriter(PipeWriter output, string version) : WatchWriter(output)
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
