using System.Runtime.CompilerServices;

using k8s.Models;

using MiniKube.Api.Meta;
using MiniKube.Client.Transport;

namespace MiniKube.Client.Metadata;

internal sealed class MetadataClient : IMetadataClient
{
    private readonly ApiTransport _transport;

    public MetadataClient(ApiConnection connection, FencingToken? fence, TimeProvider clock)
        : this(new ApiTransport(connection, fence, clock))
    {
    }

    internal MetadataClient(ApiTransport transport) => _transport = transport;

    public async Task<IReadOnlyList<ApiResource>> DiscoverAsync(CancellationToken cancellationToken)
    {
        var groups = await _transport.SendAsync<V1APIGroupList>(HttpMethod.Get, "apis", null, cancellationToken);
        var preferred = (groups.Groups ?? []).Select(group => $"apis/{group.PreferredVersion?.GroupVersion}").Prepend("api/v1");
        var lists = await Task.WhenAll(preferred.Select(path => _transport.SendAsync<V1APIResourceList>(HttpMethod.Get, path, null, cancellationToken)));
        return
        [
            .. from list in lists
               from resource in list.Resources ?? []
               where !resource.Name.Contains('/', StringComparison.Ordinal)
               let version = GroupVersionKind.Parse(list.GroupVersion, resource.Kind)
               select new ApiResource(
                   new GroupVersionResource(version.Group, version.Version, resource.Name), resource.Kind, resource.Namespaced, [.. resource.Verbs ?? []]),
        ];
    }

    public Task<PartialObject> GetAsync(GroupVersionResource resource, NamespacedName key, CancellationToken cancellationToken) =>
        _transport.SendAsync<PartialObject>(
            HttpMethod.Get, new ResourcePath(resource).Object(key), null, cancellationToken, MediaTypes.PartialObject);

    public async Task<ObjectList<PartialObject>> ListAsync(GroupVersionResource resource, ListQuery query, CancellationToken cancellationToken)
    {
        var body = await _transport.SendAsync<ListBody<PartialObject>>(
            HttpMethod.Get, new ResourcePath(resource).List(query), null, cancellationToken, MediaTypes.PartialObjectList);
        return body.ToObjectList();
    }

    public async IAsyncEnumerable<WatchEvent<PartialObject>> WatchAsync(
        GroupVersionResource resource, ListQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var path = new ResourcePath(resource).Watch(query);
        await foreach (var line in _transport.WatchAsync(path, query.TimeoutSeconds, MediaTypes.PartialObject, cancellationToken))
        {
            yield return line.Read<PartialObject>();
        }
    }

    public Task PatchAsync(GroupVersionResource resource, NamespacedName key, V1Patch patch, CancellationToken cancellationToken) =>
        _transport.SendAsync<object>(
            HttpMethod.Patch, new ResourcePath(resource).Object(key), Payload.Of(patch), cancellationToken, MediaTypes.PartialObject);

    public Task DeleteAsync(GroupVersionResource resource, NamespacedName key, V1DeleteOptions? options, CancellationToken cancellationToken) =>
        _transport.SendAsync<object>(
            HttpMethod.Delete, new ResourcePath(resource).Object(key), options is null ? null : Payload.Of(options), cancellationToken);

    public Task DeleteCollectionAsync(GroupVersionResource resource, string @namespace, CancellationToken cancellationToken) =>
        _transport.SendAsync<object>(HttpMethod.Delete, new ResourcePath(resource).Collection(@namespace), null, cancellationToken);
}
