using System.Collections.Concurrent;

using k8s;
using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Client;

namespace MiniKube.Kubelet.Volumes;

/// <summary>Reads the ConfigMaps and Secrets that pods refer to: always from the server, but pods that start together share an answer.</summary>
internal sealed class ReferencedObjects(IObjectClient client)
{
    private readonly ConcurrentDictionary<(Type, NamespacedName), Lazy<Task<object?>>> _pending = [];

    /// <summary>Null when there is none.</summary>
    public async Task<T?> FindAsync<T>(string @namespace, string name, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var key = (typeof(T), new NamespacedName(@namespace, name));
        // The shared request outlives whoever asked first.
        var pending = _pending.GetOrAdd(key, _ => new Lazy<Task<object?>>(() => GetAsync<T>(key.Item2)));
        try
        {
            return (T?)await pending.Value.WaitAsync(cancellationToken);
        }
        finally
        {
            _pending.TryRemove(new(key, pending));
        }
    }

    private async Task<object?> GetAsync<T>(NamespacedName key)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        try
        {
            return await client.GetAsync<T>(key, CancellationToken.None);
        }
        catch (StatusException exception) when (exception.Status.Code == 404)
        {
            return null;
        }
    }
}
