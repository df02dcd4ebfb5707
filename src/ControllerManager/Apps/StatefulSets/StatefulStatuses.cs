using k8s.Models;

namespace MiniKube.ControllerManager.Apps.StatefulSets;

/// <summary>Counts a StatefulSet's pods. Pure.</summary>
internal static class StatefulStatuses
{
    public static V1StatefulSetStatus Count(StatefulState state)
    {
        var created = state.Pods.Where(StatefulPods.IsCreated).ToList();
        var alive = created.Where(pod => !StatefulPods.IsTerminating(pod)).ToList();
        return Completed(state.Set, new V1StatefulSetStatus
        {
            ObservedGeneration = state.Set.Metadata?.Generation,
            Replicas = created.Count,
            ReadyReplicas = created.Count(StatefulPods.IsRunningAndReady),
            AvailableReplicas = created.Count(pod => StatefulPods.IsRunningAndAvailable(state.Set, pod, state.Now)),
            CurrentReplicas = alive.Count(pod => StatefulPods.Revision(pod) == state.CurrentRevision),
            UpdatedReplicas = alive.Count(pod => StatefulPods.Revision(pod) == state.UpdateRevision),
            CurrentRevision = state.CurrentRevision,
            UpdateRevision = state.UpdateRevision,
            CollisionCount = state.Collisions,
            Conditions = state.Set.Status?.Conditions,
        });
    }

    public static bool IsSame(V1StatefulSetStatus x, V1StatefulSetStatus? y) => y is not null && Values(x) == Values(y);

    // The update is over when all pods have it and are ready: it is the current revision then.
    private static V1StatefulSetStatus Completed(V1StatefulSet set, V1StatefulSetStatus status) =>
        set.IsRollingUpdate() && status.UpdatedReplicas == status.Replicas && status.ReadyReplicas == status.Replicas
            ? status with { CurrentReplicas = status.UpdatedReplicas, CurrentRevision = status.UpdateRevision }
            : status;

    private static (int, int, int, int, int, long, int, string, string) Values(V1StatefulSetStatus status) => (
        status.Replicas,
        status.ReadyReplicas ?? 0,
        status.AvailableReplicas ?? 0,
        status.CurrentReplicas ?? 0,
        status.UpdatedReplicas ?? 0,
        status.ObservedGeneration ?? 0,
        status.CollisionCount ?? -1,
        status.CurrentRevision ?? "",
        status.UpdateRevision ?? "");
}
