using k8s.Models;

namespace MiniKube.ControllerManager.Apps.Deployments;

/// <summary>The conditions Available, Progressing and ReplicaFailure: upstream's reasons, and the rules of changing them.</summary>
internal static class DeploymentConditions
{
    public const string Available = "Available";
    public const string Progressing = "Progressing";
    public const string ReplicaFailure = "ReplicaFailure";

    public const string NewReplicaSetCreated = "NewReplicaSetCreated";
    public const string FoundNewReplicaSet = "FoundNewReplicaSet";
    public const string ReplicaSetCreateError = "ReplicaSetCreateError";
    public const string ReplicaSetUpdated = "ReplicaSetUpdated";
    public const string NewReplicaSetAvailable = "NewReplicaSetAvailable";
    public const string ProgressDeadlineExceeded = "ProgressDeadlineExceeded";
    public const string DeploymentPaused = "DeploymentPaused";
    public const string DeploymentResumed = "DeploymentResumed";

    public static V1DeploymentCondition? Find(this V1DeploymentStatus? status, string type) =>
        status?.Conditions?.FirstOrDefault(condition => condition.Type == type);

    public static V1DeploymentCondition New(string type, string status, string reason, string message, DateTime now) => new()
    {
        Type = type,
        Status = status,
        Reason = reason,
        Message = message,
        LastUpdateTime = now,
        LastTransitionTime = now,
    };

    /// <summary>Sets a condition. One of the same state and reason stays as it is, times included; the transition time moves only with the state.</summary>
    public static V1DeploymentStatus With(this V1DeploymentStatus status, V1DeploymentCondition condition)
    {
        var current = status.Find(condition.Type);
        if (current is not null && current.Status == condition.Status && current.Reason == condition.Reason)
        {
            return status;
        }

        return status.WithReplaced(current?.Status == condition.Status ? condition with { LastTransitionTime = current.LastTransitionTime } : condition);
    }

    /// <summary>Sets a condition even if only its times differ: that is how progress is told.</summary>
    public static V1DeploymentStatus WithProgress(this V1DeploymentStatus status, V1DeploymentCondition condition)
    {
        var current = status.Find(condition.Type);
        return status.WithReplaced(current is { Status: "True" } ? condition with { LastTransitionTime = current.LastTransitionTime } : condition);
    }

    public static V1DeploymentStatus Without(this V1DeploymentStatus status, string type) => status.Find(type) is null
        ? status
        : status with { Conditions = [.. status.Conditions.Where(condition => condition.Type != type)] };

    private static V1DeploymentStatus WithReplaced(this V1DeploymentStatus status, V1DeploymentCondition condition) =>
        status with { Conditions = [.. (status.Conditions ?? []).Where(other => other.Type != condition.Type), condition] };
}
