using System.IO.Pipelines;

using MiniKube.Api.Meta;
using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.Endpoints;

/// <summary>Events with whole objects, as they are served.</summary>
internal sealed class ObjectWatchWriter(PipeWriter output, GroupVersionKind kind) : WatchWriter(output)
{
    protected override void WriteObject(CachedObject obj) => Write(obj.Json.Span);

    protected override string BookmarkObject(string metadata) =>
        $"{{\"kind\":\"{kind.Kind}\",\"apiVersion\":\"{kind.ApiVersion}\",\"metadata\":{metadata}}}";
}
