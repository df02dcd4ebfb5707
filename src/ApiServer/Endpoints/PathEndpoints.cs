using MiniKube.Api.Errors;
using MiniKube.ApiServer.Filters;

namespace MiniKube.ApiServer.Endpoints;

/// <summary>The end of the pipeline: hands a request to the resource or the path that it names.</summary>
internal sealed class PathEndpoints(IReadOnlyList<IPathEndpoint> paths, ResourceEndpoint resources)
{
    /// <summary>The answer to a path that nothing knows.</summary>
    public const string NotFound = "404 page not found\n";

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

        // Upstream's routes begin at /api: what is below but unknown is told in Kubernetes' form, all else as Go's mux does.
        if (request.Info.Path.StartsWith("/api/", StringComparison.Ordinal))
        {
            throw StatusException.NoSuchResource();
        }

        await Answer.WriteTextAsync(request, 404, NotFound);
    }
}
