using k8s.Models;

namespace MiniKube.ControllerManager.Apps.Deployments;

/// <summary>Computes a deployment's status from its ReplicaSets. Pure; the texts are upstream's.</summary>
internal static class DeploymentStatuses
{
    /// <summary>The counts, and whether enough pods are available.</summary>
    public static V1DeploymentStatus Count(Rollout rollout, DateTime now)
    {
        var deployment = rollout.Deployment;
        var available = rollout.AvailableReplicas;
        var status = (deployment.Status ?? new V1DeploymentStatus()) with
        {
            ObservedGeneration = deployment.Metadata?.Generation,
            Replicas = rollout.All.Sum(replicaSet => replicaSet.Status?.Replicas ?? 0),
            UpdatedReplicas = rollout.New?.Status?.Replicas ?? 0,
            ReadyReplicas = rollout.All.Sum(replicaSet => replicaSet.Status?.ReadyReplicas ?? 0),
            AvailableReplicas = available,
            UnavailableReplicas = Math.Max(0, rollout.TotalReplicas - available),
        };
        return status.With(available >= deployment.Replicas() - deployment.MaxUnavailable()
            ? DeploymentConditions.New(
                DeploymentConditions.Available, "True", "MinimumReplicasAvailable", "Deployment has minimum availability.", now)
            : DeploymentConditions.New(
                DeploymentConditions.Available, "False", "MinimumReplicasUnavailable", "Deployment does not have minimum availability.", now));
    }

    /// <summary>Also how the rollout goes on: complete, progressing, or past its deadline.</summary>
    public static V1DeploymentStatus OfRollout(Rollout rollout, DateTime now)
    {
        var deployment = rollout.Deployment;
        var status = Count(rollout, now);
        var current = deployment.Status.Find(DeploymentConditions.Progressing);
        // A rollout is over once it was complete; that pods fail later is not a lack of progress.
        var isOver = status.Replicas == status.UpdatedReplicas && current?.Reason == DeploymentConditions.NewReplicaSetAvailable;
        if (deployment.ProgressDeadline() is null)
        {
            status = status.Without(DeploymentConditions.Progressing);
        }
        else if (!isOver)
        {
            status = WithProgress(rollout, status, now);
        }

        return Failure(rollout) is { } failure ? status.With(failure) : status.Without(DeploymentConditions.ReplicaFailure);
    }

    public static bool IsComplete(V1Deployment deployment, V1DeploymentStatus? status) =>
        (status?.UpdatedReplicas ?? 0) == deployment.Replicas()
        && (status?.Replicas ?? 0) == deployment.Replicas()
        && (status?.AvailableReplicas ?? 0) == deployment.Replicas()
        && (status?.ObservedGeneration ?? 0) >= (deployment.Metadata?.Generation ?? 0);

    /// <summary>When to look again, since a rollout that is stuck causes no event; null when nothing is waited for.</summary>
    public static TimeSpan? UntilDeadline(V1Deployment deployment, V1DeploymentStatus status, DateTime now)
    {
        if (deployment.ProgressDeadline() is not { } deadline
            || status.Find(DeploymentConditions.Progressing) is not { } progressing
            || progressing.Reason is DeploymentConditions.ProgressDeadlineExceeded or DeploymentConditions.NewReplicaSetAvailable
            || IsComplete(deployment, status))
        {
            return null;
        }

        var left = (progressing.LastUpdateTime ?? now) + deadline - now;
        // A second more: times have whole seconds.
        return left < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : left + TimeSpan.FromSeconds(1);
    }

    private static V1DeploymentStatus WithProgress(Rollout rollout, V1DeploymentStatus status, DateTime now)
    {
        var deployment = rollout.Deployment;
        var subject = rollout.New is { } newest ? $"ReplicaSet \"{newest.Metadata?.Name}\"" : $"Deployment \"{deployment.Metadata?.Name}\"";
        if (IsComplete(deployment, status))
        {
            return status.With(DeploymentConditions.New(
                DeploymentConditions.Progressing, "True", DeploymentConditions.NewReplicaSetAvailable, $"{subject} has successfully progressed.", now));
        }

        if (IsProgressing(deployment.Status, status))
        {
            return status.WithProgress(DeploymentConditions.New(
                DeploymentConditions.Progressing, "True", DeploymentConditions.ReplicaSetUpdated, $"{subject} is progressing.", now));
        }

        return HasTimedOut(deployment, status, now)
            ? status.With(DeploymentConditions.New(
                DeploymentConditions.Progressing, "False", DeploymentConditions.ProgressDeadlineExceeded, $"{subject} has timed out progressing.", now))
            : status;
    }

    private static bool IsProgressing(V1DeploymentStatus? old, V1DeploymentStatus status) =>
        (status.UpdatedReplicas ?? 0) > (old?.UpdatedReplicas ?? 0)
        || (status.Replicas ?? 0) - (status.UpdatedReplicas ?? 0) < (old?.Replicas ?? 0) - (old?.UpdatedReplicas ?? 0)
        || (status.ReadyReplicas ?? 0) > (old?.ReadyReplicas ?? 0)
        || (status.AvailableReplicas ?? 0) > (old?.AvailableReplicas ?? 0);

    private static bool HasTimedOut(V1Deployment deployment, V1DeploymentStatus status, DateTime now) =>
        status.Find(DeploymentConditions.Progressing) is { } condition
        && condition.Reason != DeploymentConditions.NewReplicaSetAvailable
        && (condition.Reason == DeploymentConditions.ProgressDeadlineExceeded
            || (condition.LastUpdateTime ?? now) + deployment.ProgressDeadline() < now);

    // The new one's failure matters most.
    private static V1DeploymentCondition? Failure(Rollout rollout) => rollout.All
        .OrderByDescending(replicaSet => replicaSet == rollout.New)
        .SelectMany(replicaSet => replicaSet.Status?.Conditions ?? [])
        .Where(condition => condition.Type == DeploymentConditions.ReplicaFailure)
        .Select(condition => new V1DeploymentCondition
        {
            Type = condition.Type,
            Status = condition.Status,
            Reason = condition.Reason,
            Message = condition.Message,
            LastTransitionTime = condition.LastTransitionTime,
            LastUpdateTime = condition.LastTransitionTime,
        })
        .FirstOrDefault();
}
