using k8s;
using k8s.Models;

using MiniKube.Api.Meta;
using MiniKube.Api.Selectors;
using MiniKube.Client;
using MiniKube.Client.Informers;

namespace MiniKube.ControllerManager.Apps;

/// <summary>Who may want an object that nobody manages. There may be several: each looks, and the first adopts (<see cref="Ownership{T}"/>).</summary>
internal static class Adopters
{
    /// <param name="owners">Those who may.</param>
    /// <param name="orphan">The object; none for one that is gone.</param>
    /// <param name="selector">What an owner chooses.</param>
    public static IEnumerable<NamespacedName> AdoptersOf<TOwner>(
        this ILister<TOwner> owners, IKubernetesObject<V1ObjectMeta>? orphan, Func<TOwner, LabelSelector> selector)
        where TOwner : class, IKubernetesObject<V1ObjectMeta> =>
        orphan?.Metadata?.Labels is { Count: > 0 } labels && orphan.ControllerReference() is null
            ? owners.List(orphan.Key().Namespace).Where(owner => selector(owner).MatchesLabels(labels)).Select(owner => owner.Key())
            : [];
}
