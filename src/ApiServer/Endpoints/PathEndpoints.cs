using MiniKube.Api.Errors;
using MiniKube.ApiServer.Filters;

namespace MiniKube.ApiServer.Endpoints;

/// <summary>The end of the pipeline: hands a request to the resource or the path that it names.</summary>
internal sealed class PathEndpoints(IReadOnlyList<IPathEndpoint> paths, ResourceEndpoint resources)
{
    public async Task HandleAsync(ApiRequest request)
    {
        if (request.Info.IsResourceRequest)
        {
            await resources.HandleAsync(request);
            return;
        }

        foreach (var endpoint in paths)
        {
            if (await endpoint.TryHandleAsync(request))
            {
                return;
            }
        }

        if (request.Info.Path.StartsWith("/api", StringComparison.Ordinal))
        {
            throw StatusException.NoSuchResource();
        }

        await Answer.WriteAsync(request, 404, "text/plain; charset=utf-8", ["404 page not found\n"u8.ToArray()]);
    }
}
