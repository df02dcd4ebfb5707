using System.Diagnostics.CodeAnalysis;

using k8s;
using k8s.Models;

using MiniKube.Api.Meta;

namespace MiniKube.Client.Informers;

/// <summary>The shared informer of a kind, for who only reads: what asks for an <see cref="ILister{T}"/> starts its watch.</summary>
internal sealed class SharedLister<T>(IInformerFactory informers) : ILister<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly IInformer<T> _informer = informers.Get<T>();

    public bool TryGet(NamespacedName key, [NotNullWhen(true)] out T? obj) => _informer.TryGet(key, out obj);

    public IReadOnlyList<T> List(string? @namespace = null) => _informer.List(@namespace);

    public IReadOnlyList<T> OwnedBy(IKubernetesObject<V1ObjectMeta> owner) => _informer.OwnedBy(owner);

    public IReadOnlyList<T> Unmanaged(string @namespace) => _informer.Unmanaged(@namespace);
}
