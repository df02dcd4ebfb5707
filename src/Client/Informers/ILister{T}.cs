using System.Diagnostics.CodeAnalysis;

using k8s;
using k8s.Models;

using MiniKube.Api.Meta;

namespace MiniKube.Client.Informers;

/// <summary>Reads a local copy of all objects of a kind. They are shared: copy with <c>with</c>, never set.</summary>
public interface ILister<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    bool TryGet(NamespacedName key, [NotNullWhen(true)] out T? obj);

    /// <summary>All objects, or those of one namespace.</summary>
    IReadOnlyList<T> List(string? @namespace = null);

    /// <summary>The objects whose controller owner reference names this owner's uid. Indexed.</summary>
    IReadOnlyList<T> OwnedBy(IKubernetesObject<V1ObjectMeta> owner);

    /// <summary>The objects of a namespace that no controller manages: those an owner may adopt. Indexed by informers.</summary>
    IReadOnlyList<T> Unmanaged(string @namespace) => [.. List(@namespace).Where(obj => obj.ControllerReference() is null)];
}
