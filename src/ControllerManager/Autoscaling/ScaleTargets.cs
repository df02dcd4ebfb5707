using k8s;
using k8s.Models;

using MiniKube.Api.Meta;
using MiniKube.Api.Selectors;
using MiniKube.Client;
using MiniKube.Client.Controllers;
using MiniKube.Client.Informers;

namespace MiniKube.ControllerManager.Autoscaling;

/// <summary>Reads and sets the size of what autoscalers scale: the kinds with replicas that the cluster comes with.</summary>
internal sealed class ScaleTargets(
    IObjectClient client,
    ILister<V1Deployment> deployments,
    ILister<V1ReplicaSet> replicaSets,
    ILister<V1StatefulSet> statefulSets,
    ILister<V1ReplicationController> replicationControllers)
{
    public static ControllerBuilder Configure(ControllerBuilder controller) =>
        controller.Reads<V1Deployment>().Reads<V1ReplicaSet>().Reads<V1StatefulSet>().Reads<V1ReplicationController>();

    /// <summary>Throws AutoscalingException for one that is not there, or whose kind is not known here.</summary>
    public ScaleTarget Find(string @namespace, V2CrossVersionObjectReference reference)
    {
        var key = new NamespacedName(@namespace, reference.Name ?? "");
        var kind = GroupVersionKind.Parse(reference.ApiVersion ?? "", reference.Kind ?? "");
        return (kind.Group, kind.Kind) switch
        {
            ("apps", "Deployment") => Of(deployments, key, "deployments.apps", found => (found.Spec?.Replicas, found.Status?.Replicas, LabelSelector.From(found.Spec?.Selector))),
            ("apps", "ReplicaSet") => Of(replicaSets, key, "replicasets.apps", found => (found.Spec?.Replicas, found.Status?.Replicas, LabelSelector.From(found.Spec?.Selector))),
            ("apps", "StatefulSet") => Of(statefulSets, key, "statefulsets.apps", found => (found.Spec?.Replicas, found.Status?.Replicas, LabelSelector.From(found.Spec?.Selector))),
            ("", "ReplicationController") => Of(
                replicationControllers, key, "replicationcontrollers", found => (found.Spec?.Replicas, found.Status?.Replicas, LabelSelector.FromLabels(found.Spec?.Selector))),
            _ => throw new AutoscalingException(
                "FailedGetScale", $"the HPA controller was unable to get the target's current scale: no matches for kind \"{reference.Kind}\" in group \"{kind.Group}\""),
        };
    }

    private ScaleTarget Of<T>(ILister<T> lister, NamespacedName key, string resource, Func<T, (int? Wanted, int? There, LabelSelector Selector)> read)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        if (!lister.TryGet(key, out var found))
        {
            throw new AutoscalingException("FailedGetScale", $"the HPA controller was unable to get the target's current scale: {resource} \"{key.Name}\" not found");
        }

        var (wanted, there, selector) = read(found);
        return new ScaleTarget(wanted ?? 1, there ?? 0, selector, (replicas, cancellationToken) => client.UpdateSubresourceAsync<T, V1Scale>(
            key,
            "scale",
            new V1Scale
            {
                ApiVersion = "autoscaling/v1",
                Kind = "Scale",
                Metadata = new V1ObjectMeta { Name = key.Name, NamespaceProperty = key.Namespace, ResourceVersion = found.Metadata?.ResourceVersion },
                Spec = new V1ScaleSpec { Replicas = replicas },
            },
            cancellationToken));
    }
}
