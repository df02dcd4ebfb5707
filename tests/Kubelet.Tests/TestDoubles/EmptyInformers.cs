using System.Diagnostics.CodeAnalysis;

using k8s;
using k8s.Models;

using MiniKube.Api.Meta;
using MiniKube.Client.Informers;

namespace MiniKube.Kubelet.Tests.TestDoubles;

/// <summary>Informers of an empty cluster.</summary>
internal sealed class EmptyInformers : IInformerFactory
{
    public IInformer<T> Get<T>(string labelSelector = "", string fieldSelector = "", string @namespace = "")
        where T : class, IKubernetesObject<V1ObjectMeta> => new Empty<T>();

    private sealed class Empty<T> : IInformer<T>, IDisposable
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        public IDisposable AddHandler(Action<ObjectChange<T>> handler) => this;

        public Task WaitForSyncAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public bool TryGet(NamespacedName key, [NotNullWhen(true)] out T? obj)
        {
            obj = null;
            return false;
        }

        public IReadOnlyList<T> List(string? @namespace = null) => [];

        public IReadOnlyList<T> OwnedBy(IKubernetesObject<V1ObjectMeta> owner) => [];

        public void Dispose()
        {
        }
    }
}
