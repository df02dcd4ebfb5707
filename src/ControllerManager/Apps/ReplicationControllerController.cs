using k8s.Models;

using MiniKube.Api.Selectors;
using MiniKube.Client;
using MiniKube.Client.Informers;
using MiniKube.ControllerManager.Pods;

namespace MiniKube.ControllerManager.Apps;

/// <summary>Keeps as many active pods per ReplicationController as spec.replicas asks for.</summary>
internal sealed class ReplicationControllerController(
    IObjectClient client,
    ILister<V1ReplicationController> controllers,
    ILister<V1Pod> pods,
    IPodControl podControl,
    ControllerManagerOptions options,
    TimeProvider clock)
    : ReplicaController<V1ReplicationController>(client, controllers, pods, podControl, clock)
{
    public override string Name => "replicationcontroller-controller";

    public override int Workers => options.ConcurrentReplicationControllerSyncs;

    protected override ReplicaWorkload Read(V1ReplicationController owner) => new(
        owner.Spec?.Replicas ?? 1,
        owner.Spec?.MinReadySeconds ?? 0,
        LabelSelector.FromLabels(owner.Spec?.Selector),
        owner.Spec?.Template ?? new V1PodTemplateSpec(),
        new ReplicaStatus(
            owner.Status?.Replicas ?? 0,
            owner.Status?.FullyLabeledReplicas ?? 0,
            owner.Status?.ReadyReplicas ?? 0,
            owner.Status?.AvailableReplicas ?? 0,
            owner.Status?.ObservedGeneration ?? 0,
            [.. (owner.Status?.Conditions ?? []).Select(FromOwn)]));

    protected override V1ReplicationController WithStatus(V1ReplicationController owner, ReplicaStatus status) => owner with
    {
        Status = (owner.Status ?? new V1ReplicationControllerStatus()) with
        {
            Replicas = status.Replicas,
            FullyLabeledReplicas = status.FullyLabeledReplicas,
            ReadyReplicas = status.ReadyReplicas,
            AvailableReplicas = status.AvailableReplicas,
            ObservedGeneration = status.ObservedGeneration,
            Conditions = status.Conditions.Count == 0 ? null : [.. status.Conditions.Select(ToOwn)],
        },
    };

    protected override IEnumerable<V1Pod> RelatedPods(V1ReplicationController owner) => PodLister.OwnedBy(owner);

    private static V1ReplicaSetCondition FromOwn(V1ReplicationControllerCondition condition) => new()
    {
        Type = condition.Type,
        Status = condition.Status,
        Reason = condition.Reason,
        Message = condition.Message,
        LastTransitionTime = condition.LastTransitionTime,
    };

    private static V1ReplicationControllerCondition ToOwn(V1ReplicaSetCondition condition) => new()
    {
        Type = condition.Type,
        Status = condition.Status,
        Reason = condition.Reason,
        Message = condition.Message,
        LastTransitionTime = condition.LastTransitionTime,
    };
}
