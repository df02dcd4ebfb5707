using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;

namespace MiniKube.Client.Metadata;

/// <summary>The verbs of the API for resources that are known only at run time, on their metadata.</summary>
public interface IMetadataClient
{
    /// <summary>All resources of all groups, each in its group's preferred version; subresources are left out.</summary>
    Task<IReadOnlyList<ApiResource>> DiscoverAsync(CancellationToken cancellationToken);

    /// <exception cref="StatusException">NotFound and all else the server says.</exception>
    Task<PartialObject> GetAsync(GroupVersionResource resource, NamespacedName key, CancellationToken cancellationToken);

    Task<ObjectList<PartialObject>> ListAsync(GroupVersionResource resource, ListQuery query, CancellationToken cancellationToken);

    IAsyncEnumerable<WatchEvent<PartialObject>> WatchAsync(GroupVersionResource resource, ListQuery query, CancellationToken cancellationToken);

    Task PatchAsync(GroupVersionResource resource, NamespacedName key, V1Patch patch, CancellationToken cancellationToken);

    Task DeleteAsync(GroupVersionResource resource, NamespacedName key, V1DeleteOptions? options, CancellationToken cancellationToken);

    Task DeleteCollectionAsync(GroupVersionResource resource, string @namespace, CancellationToken cancellationToken);
}
