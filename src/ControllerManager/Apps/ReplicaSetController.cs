using k8s.Models;

using MiniKube.Api.Selectors;
using MiniKube.Client;
using MiniKube.Client.Informers;
using MiniKube.ControllerManager.Pods;

namespace MiniKube.ControllerManager.Apps;

/// <summary>Keeps as many active pods per ReplicaSet as spec.replicas asks for.</summary>
internal sealed class ReplicaSetController(
    IObjectClient client,
    ILister<V1ReplicaSet> replicaSets,
    ILister<V1Pod> pods,
    IPodControl podControl,
    ControllerManagerOptions options,
    TimeProvider clock)
    : ReplicaController<V1ReplicaSet>(client, replicaSets, pods, podControl, clock)
{
    private readonly ILister<V1ReplicaSet> _replicaSets = replicaSets;

    public override string Name => "replicaset-controller";

    public override int Workers => options.ConcurrentReplicaSetSyncs;

    protected override ReplicaWorkload Read(V1ReplicaSet owner) => new(
        owner.Spec?.Replicas ?? 1,
        owner.Spec?.MinReadySeconds ?? 0,
        LabelSelector.From(owner.Spec?.Selector),
        owner.Spec?.Template ?? new V1PodTemplateSpec(),
        new ReplicaStatus(
            owner.Status?.Replicas ?? 0,
            owner.Status?.FullyLabeledReplicas ?? 0,
            owner.Status?.ReadyReplicas ?? 0,
            owner.Status?.AvailableReplicas ?? 0,
            owner.Status?.ObservedGeneration ?? 0,
            [.. owner.Status?.Conditions ?? []]));

    protected override V1ReplicaSet WithStatus(V1ReplicaSet owner, ReplicaStatus status) => owner with
    {
        Status = (owner.Status ?? new V1ReplicaSetStatus()) with
        {
            Replicas = status.Replicas,
            FullyLabeledReplicas = status.FullyLabeledReplicas,
            ReadyReplicas = status.ReadyReplicas,
            AvailableReplicas = status.AvailableReplicas,
            ObservedGeneration = status.ObservedGeneration,
            Conditions = status.Conditions.Count == 0 ? null : [.. status.Conditions],
        },
    };

    // During a rollout the Deployment's other ReplicaSets have pods on the same nodes.
    protected override IEnumerable<V1Pod> RelatedPods(V1ReplicaSet owner) => owner.ControllerReference() is { } deployment
        ? _replicaSets.List(owner.Key().Namespace)
            .Where(replicaSet => replicaSet.ControllerReference()?.Uid == deployment.Uid)
            .SelectMany(PodLister.OwnedBy)
        : PodLister.OwnedBy(owner);
}
