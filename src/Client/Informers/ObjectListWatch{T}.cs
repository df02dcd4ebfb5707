using k8s;
using k8s.Models;

namespace MiniKube.Client.Informers;

internal sealed class ObjectListWatch<T>(IObjectClient client) : IListWatch<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    public Task<ObjectList<T>> ListAsync(ListQuery query, CancellationToken cancellationToken) => client.ListAsync<T>(query, cancellationToken);

    public IAsyncEnumerable<WatchEvent<T>> WatchAsync(ListQuery query, CancellationToken cancellationToken) => client.WatchAsync<T>(query, cancellationToken);
}
