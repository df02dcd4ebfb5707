using k8s;
using k8s.Models;

using MiniKube.Api.Meta;

namespace MiniKube.Client;

/// <summary>
/// The verbs of the API, typed by the model: its <c>[KubernetesEntity]</c> names the path. Failures are
/// <see cref="Api.Errors.StatusException"/> with the server's Status; a server that cannot be reached is an <see cref="HttpRequestException"/>.
/// </summary>
public interface IObjectClient
{
    Task<T> GetAsync<T>(NamespacedName key, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>;

    Task<ObjectList<T>> ListAsync<T>(ListQuery query, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>Ends when the server ends the watch; an ERROR event is thrown as a StatusException (410 Expired means: list again).</summary>
    IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(ListQuery query, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>;

    Task<T> CreateAsync<T>(T obj, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>;

    Task<T> UpdateAsync<T>(T obj, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>;

    Task<T> UpdateStatusAsync<T>(T obj, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>PUT to a subresource whose body is the object, such as <c>finalize</c> of a namespace.</summary>
    Task<T> UpdateSubresourceAsync<T>(T obj, string subresource, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>PUT to a subresource of T whose body is another object, such as a V1Scale to <c>scale</c> of a Deployment.</summary>
    Task<TBody> UpdateSubresourceAsync<T, TBody>(NamespacedName key, string subresource, TBody body, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
        where TBody : class;

    /// <summary>Patches the object, or the subresource when one is named.</summary>
    Task<T> PatchAsync<T>(NamespacedName key, V1Patch patch, string? subresource, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>;

    Task DeleteAsync<T>(NamespacedName key, V1DeleteOptions? options, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>POST to a subresource of T, such as a V1Binding to <c>binding</c> of a pod.</summary>
    Task PostAsync<T>(NamespacedName key, string subresource, object body, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>The same, with the answer: such as a TokenRequest to <c>token</c> of a service account.</summary>
    Task<TAnswer> PostAsync<T, TAnswer>(NamespacedName key, string subresource, TAnswer body, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
        where TAnswer : class;
}
