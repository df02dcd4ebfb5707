using MiniKube.Api.Errors;
using MiniKube.ApiServer.Filters;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Endpoints;

/// <summary>Finds the resource and the verb that a request is for.</summary>
internal sealed class ResourceEndpoint(
    ResourceCatalog catalog, IReadOnlyDictionary<string, IEndpoint> verbs, IReadOnlyList<ISubresource> subresources)
{
    public Task HandleAsync(ApiRequest request)
    {
        var info = request.Info;
        if (catalog.Find(info.GroupVersionResource) is not { } resource || !HasScope(resource, info))
        {
            throw StatusException.NoSuchResource();
        }

        if (resource.Strategy.Deprecation is { } deprecation)
        {
            request.Warnings.Add(deprecation);
        }

        if (info.Subresource.Length > 0 && !(info.Subresource == "status" && resource.Strategy.HasStatus))
        {
            return FindSubresource(resource, info.Subresource).HandleAsync(request, resource);
        }

        return verbs.TryGetValue(info.Verb, out var endpoint) && !(info.Subresource.Length > 0 && info.Verb is "create" or "delete")
            ? endpoint.HandleAsync(request, resource)
            : throw StatusException.MethodNotAllowed();
    }

    // An object of a cluster-scoped kind is not found through a namespace (CVE-2019-11247), nor one of a namespaced kind without.
    private static bool HasScope(ServedResource resource, RequestInfo info) =>
        resource.Strategy.NamespaceScoped
            ? info.Namespace.Length > 0 || info.Name.Length == 0
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
