using MiniKube.Api.Errors;
using MiniKube.ApiServer.CustomResources;
using MiniKube.ApiServer.Endpoints.Negotiation;
using MiniKube.ApiServer.Filters;
using MiniKube.ApiServer.Metrics;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.Endpoints;

/// <summary>Finds the resource and the verb that a request is for.</summary>
internal sealed class ResourceEndpoint(
    ResourceCatalog catalog,
    CacheReads reads,
    IReadOnlyDictionary<string, IEndpoint> verbs,
    IReadOnlyList<ISubresource> subresources,
    UnstoredEndpoint unstored,
    RequestMetrics metrics)
{
    public Task HandleAsync(ApiRequest request) => catalog.Find(request.Info.GroupVersionResource) is { } resource
        ? HandleAsync(request, resource)
        : HandleNewestAsync(request);

    // The client may have seen a definition established through another server, which is ahead of this one.
    private async Task HandleNewestAsync(ApiRequest request)
    {
        await reads.WaitForNewestAsync(request.Cancellation);
        await (catalog.Find(request.Info.GroupVersionResource) is { } resource ? HandleAsync(request, resource) : NotFoundAsync(request));
    }

    private Task HandleAsync(ApiRequest request, ServedResource resource)
    {
        var info = request.Info;
        if (!HasScope(resource, info))
        {
            return NotFoundAsync(request);
        }

        if (resource.Strategy.Deprecation is { } deprecation)
        {
            request.Warnings.Add(deprecation);
        }

        if (!resource.Strategy.IsStored && info.Subresource.Length == 0)
        {
            metrics.Begin(request, resource);
            return unstored.HandleAsync(request, resource);
        }

        if (info.Subresource.Length > 0 && !(info.Subresource == "status" && resource.Strategy.HasStatus))
        {
            var subresource = FindSubresource(resource, info.Subresource);
            metrics.Begin(request, resource);
            return subresource.HandleAsync(request, resource);
        }

        if (!verbs.TryGetValue(info.Verb, out var endpoint) || !IsServed(resource, request))
        {
            throw StatusException.MethodNotAllowed();
        }

        metrics.Begin(request, resource);

        // Before anything is done: a client that cannot be answered changes nothing.
        AcceptHeader.ChooseObject(request.Http.Request.Headers.Accept, resource.Kind);
        return endpoint.HandleAsync(request, resource);
    }

    private Task NotFoundAsync(ApiRequest request) => catalog.HasGroup(request.Info.Group)
        ? throw StatusException.NoSuchResource()
        : Answer.WriteTextAsync(request, StatusCodes.Status404NotFound, PathEndpoints.NotFound);

    // A path is served by what upstream has routes for: HEAD and OPTIONS are not among them, nor is a write to all namespaces.
    private static bool IsServed(ServedResource resource, ApiRequest request)
    {
        var info = request.Info;
        return !HttpMethods.IsHead(request.Http.Request.Method)
            && !(info.Subresource.Length > 0 && info.Verb is "create" or "delete")
            && (info.Verb != "watch" || HttpMethods.IsGet(request.Http.Request.Method))
            && (resource.Strategy is CustomResourceStrategy || resource.Strategy.Verbs.Contains(info.Verb))
            && (info.Name.Length > 0 || info.Verb is not ("update" or "patch"))
            && (info.Namespace.Length > 0 || !resource.Strategy.NamespaceScoped || info.Verb is "list" or "watch");
    }

    // An object of a cluster-scoped kind is not found through a namespace (CVE-2019-11247), nor one of a namespaced kind without.
    private static bool HasScope(ServedResource resource, RequestInfo info) =>
        resource.Strategy.NamespaceScoped
            ? info.Namespace.Length > 0 || info.Verb is "list" or "watch" || (info.Name.Length == 0 && resource.Strategy is not CustomResourceStrategy)
            : info.Namespace.Length == 0 || info.Resource == "namespaces";

    private ISubresource FindSubresource(ServedResource resource, string name)
    {
        foreach (var subresource in subresources)
        {
            if (subresource.Name == name && subresource.Serves(resource))
            {
                return subresource;
            }
        }

        throw StatusException.NoSuchResource();
    }
}
