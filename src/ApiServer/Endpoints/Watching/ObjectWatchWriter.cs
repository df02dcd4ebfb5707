using MiniKube.Api.Meta;
using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.Endpoints.Watching;

/// <summary>Events with whole objects, as they are served.</summary>
internal sealed class ObjectWatchWriter(IWatchOutput output, GroupVersionKind kind) : JsonWatchWriter(output)
{
    protected override void WriteObject(CachedObject obj) => Write(obj.Json.Span);

    protected override string BookmarkObject(string metadata) =>
        $"{{\"kind\":\"{kind.Kind}\",\"apiVersion\":\"{kind.ApiVersion}\",\"metadata\":{metadata}}}";
}
