using System.Text.Json.Nodes;

using MiniKube.ApiServer.Filters;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.Endpoints.Streaming;

/// <summary>Reads objects beside the one that a request names, in its namespace; as new as a plain GET.</summary>
internal sealed class ResourceReads(CacheReads reads)
{
    public async Task<JsonObject?> FindAsync(ApiRequest request, ServedResource resource, string name)
    {
        await reads.WaitForNewestAsync(request.Cancellation);
        return resource.Cacher.Snapshot.Objects.Find(resource.CacheKey(request.Info.Namespace, name)) is { } found ? ObjectCodec.Parse(found.Json.Span) : null;
    }
}
