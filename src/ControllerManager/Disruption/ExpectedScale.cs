using k8s;
using k8s.Models;

using MiniKube.Api.Meta;
using MiniKube.Client;
using MiniKube.Client.Controllers;
using MiniKube.Client.Informers;

namespace MiniKube.ControllerManager.Disruption;

/// <summary>How many pods the controllers of some pods want: pods that are about to be made count as much as those that are there.</summary>
internal sealed class ExpectedScale(
    ILister<V1Deployment> deployments,
    ILister<V1ReplicaSet> replicaSets,
    ILister<V1ReplicationController> replicationControllers,
    ILister<V1StatefulSet> statefulSets)
{
    public static void Configure(ControllerBuilder controller) =>
        controller.Reads<V1Deployment>().Reads<V1ReplicaSet>().Reads<V1ReplicationController>().Reads<V1StatefulSet>();

    /// <summary>The sum over all controllers, each once; pods of nobody do not count. Throws InvalidOperationException for a controller whose scale is not known.</summary>
    public int Of(IReadOnlyList<V1Pod> pods)
    {
        var scales = new Dictionary<string, int>();
        foreach (var pod in pods)
        {
            if (pod.ControllerReference() is { } owner)
            {
                var (uid, scale) = Of(pod, owner);
                scales[uid] = scale;
            }
        }

        return scales.Values.Sum();
    }

    private (string Uid, int Scale) Of(V1Pod pod, V1OwnerReference owner)
    {
        var key = new NamespacedName(pod.Key().Namespace, owner.Name ?? "");
        var kind = GroupVersionKind.Parse(owner.ApiVersion, owner.Kind);
        return (kind.Group, kind.Kind) switch
        {
            ("apps", "ReplicaSet") => OfReplicaSet(Find(replicaSets, key, owner)),
            ("apps", "StatefulSet") => (owner.Uid, Find(statefulSets, key, owner).Spec?.Replicas ?? 1),
            ("", "ReplicationController") => (owner.Uid, Find(replicationControllers, key, owner).Spec?.Replicas ?? 1),
            var (group, name) => throw new InvalidOperationException($"{name}{(group.Length == 0 ? "" : ".")}{group} {key.Name} does not implement the scale subresource"),
        };
    }

    // During a rollout two ReplicaSets make the pods of one Deployment.
    private (string Uid, int Scale) OfReplicaSet(V1ReplicaSet replicaSet) =>
        replicaSet.ControllerReference() is { Kind: "Deployment" } owner
            ? (owner.Uid, Find(deployments, new NamespacedName(replicaSet.Key().Namespace, owner.Name ?? ""), owner).Spec?.Replicas ?? 1)
            : (replicaSet.Metadata?.Uid ?? "", replicaSet.Spec?.Replicas ?? 1);

    private static T Find<T>(ILister<T> lister, NamespacedName key, V1OwnerReference owner)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        lister.TryGet(key, out var found) && found.Metadata?.Uid == owner.Uid
            ? found
            : throw new InvalidOperationException($"found no controller {owner.Kind} {key} of uid {owner.Uid}");
}
