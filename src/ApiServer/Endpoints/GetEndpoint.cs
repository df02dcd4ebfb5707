using MiniKube.Api.Errors;
using MiniKube.ApiServer.Filters;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.Endpoints;

/// <summary>GET of one object: linearizable without resourceVersion, else from what the cache holds.</summary>
internal sealed class GetEndpoint(CacheReads reads, ObjectAnswer answer) : IEndpoint
{
    public async Task HandleAsync(ApiRequest request, ServedResource resource)
    {
        var obj = await FindAsync(request, resource);
        await answer.WriteAsync(request, resource, 200, obj);
    }

    public async ValueTask<CachedObject> FindAsync(ApiRequest request, ServedResource resource)
    {
        switch (ReadQuery.ParseVersion(request.Http.Request.Query["resourceVersion"].ToString()))
        {
            case null:
                await reads.WaitForNewestAsync(request.Cancellation);
                break;
            case > 0 and var version:
                await reads.WaitForAsync(version, request.Cancellation);
                break;
            default:
                await reads.WaitForAnyAsync(request.Cancellation);
                break;
        }

        var info = request.Info;
        var snapshot = resource.Cacher.Snapshot;
        var key = resource.CacheKey(info.Namespace, info.Name);
        if (snapshot.Unreadable.TryGetValue(key, out var unreadable))
        {
            throw unreadable.ToStatus();
        }

        return snapshot.Objects.Find(key)
            ?? throw StatusException.NotFound(resource.Name, info.Name);
    }
}
