using System.Runtime.CompilerServices;

using k8s;
using k8s.Models;

using MiniKube.Api.Meta;
using MiniKube.Client.Transport;

namespace MiniKube.Client;

/// <summary>The API's verbs over HTTP, with the models and JSON of the KubernetesClient package.</summary>
public sealed class ObjectClient : IObjectClient
{
    private readonly ApiTransport _transport;

    /// <param name="connection">Where to.</param>
    /// <param name="fence">The leader's token to send with every write; null where no leader writes.</param>
    /// <param name="clock">Measures timeouts.</param>
    public ObjectClient(ApiConnection connection, FencingToken? fence, TimeProvider clock) => _transport = new ApiTransport(connection, fence, clock);

    internal ObjectClient(ApiTransport transport) => _transport = transport;

    public Task<T> GetAsync<T>(NamespacedName key, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        _transport.SendAsync<T>(HttpMethod.Get, ResourcePath.Of<T>().Object(key), null, cancellationToken);

    public async Task<ObjectList<T>> ListAsync<T>(ListQuery query, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var body = await _transport.SendAsync<ListBody<T>>(HttpMethod.Get, ResourcePath.Of<T>().List(query), null, cancellationToken);
        return body.ToObjectList();
    }

    public async IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(ListQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        await foreach (var line in _transport.WatchAsync(ResourcePath.Of<T>().Watch(query), query.TimeoutSeconds, MediaTypes.Json, cancellationToken))
        {
            yield return line.Read<T>();
        }
    }

    public Task<T> CreateAsync<T>(T obj, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        _transport.SendAsync<T>(HttpMethod.Post, ResourcePath.Of<T>().Collection(obj.Metadata?.NamespaceProperty ?? ""), Payload.Of(obj), cancellationToken);

    public Task<T> UpdateAsync<T>(T obj, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> => PutAsync(obj, null, cancellationToken);

    public Task<T> UpdateStatusAsync<T>(T obj, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> => PutAsync(obj, "status", cancellationToken);

    public Task<T> UpdateSubresourceAsync<T>(T obj, string subresource, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> => PutAsync(obj, subresource, cancellationToken);

    public Task<TBody> UpdateSubresourceAsync<T, TBody>(NamespacedName key, string subresource, TBody body, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
        where TBody : class =>
        _transport.SendAsync<TBody>(HttpMethod.Put, ResourcePath.Of<T>().Object(key, subresource), Payload.Of(body), cancellationToken);

    public Task<T> PatchAsync<T>(NamespacedName key, V1Patch patch, string? subresource, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        _transport.SendAsync<T>(HttpMethod.Patch, ResourcePath.Of<T>().Object(key, subresource), Payload.Of(patch), cancellationToken);

    // The answer is a Status or the object, as the kind has it. Nobody needs it: what happens next is seen by watching.
    public Task DeleteAsync<T>(NamespacedName key, V1DeleteOptions? options, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        _transport.SendAsync<object>(HttpMethod.Delete, ResourcePath.Of<T>().Object(key), options is null ? null : Payload.Of(options), cancellationToken);

    public Task PostAsync<T>(NamespacedName key, string subresource, object body, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        _transport.SendAsync<object>(HttpMethod.Post, ResourcePath.Of<T>().Object(key, subresource), Payload.Of(body), cancellationToken);

    public Task<TAnswer> PostAsync<T, TAnswer>(NamespacedName key, string subresource, TAnswer body, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
        where TAnswer : class =>
        _transport.SendAsync<TAnswer>(HttpMethod.Post, ResourcePath.Of<T>().Object(key, subresource), Payload.Of(body), cancellationToken);

    private Task<T> PutAsync<T>(T obj, string? subresource, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var key = new NamespacedName(obj.Metadata?.NamespaceProperty ?? "", obj.Metadata?.Name ?? "");
        return _transport.SendAsync<T>(HttpMethod.Put, ResourcePath.Of<T>().Object(key, subresource), Payload.Of(obj), cancellationToken);
    }
}
