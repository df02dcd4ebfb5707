using k8s.Models;

namespace MiniKube.ControllerManager.Apps.Deployments;

/// <summary>What a deployment's spec amounts to.</summary>
internal static class DeploymentSpecs
{
    public static int Replicas(this V1Deployment deployment) => deployment.Spec?.Replicas ?? 1;

    public static int Replicas(this V1ReplicaSet replicaSet) => replicaSet.Spec?.Replicas ?? 1;

    public static bool IsRollingUpdate(this V1Deployment deployment) => deployment.Spec?.Strategy?.Type != "Recreate";

    public static bool IsPaused(this V1Deployment deployment) => deployment.Spec?.Paused == true;

    /// <summary>null when progress is not watched: no deadline, or the largest number, as upstream's default for old API versions had it.</summary>
    public static TimeSpan? ProgressDeadline(this V1Deployment deployment) =>
        deployment.Spec?.ProgressDeadlineSeconds is { } seconds and < int.MaxValue ? TimeSpan.FromSeconds(seconds) : null;

    /// <summary>How many pods more than wanted a rolling update may have.</summary>
    public static int MaxSurge(this V1Deployment deployment) => deployment.IsRollingUpdate() ? Bounds(deployment).Surge : 0;

    /// <summary>How many pods fewer than wanted a rolling update may leave available.</summary>
    public static int MaxUnavailable(this V1Deployment deployment) =>
        deployment.IsRollingUpdate() && deployment.Replicas() > 0 ? Math.Min(Bounds(deployment).Unavailable, deployment.Replicas()) : 0;

    // Neither may be zero at once (percentages of few pods may round to it): nothing could ever move.
    private static (int Surge, int Unavailable) Bounds(V1Deployment deployment)
    {
        var rolling = deployment.Spec?.Strategy?.RollingUpdate;
        var surge = IntOrPercent.Of(rolling?.MaxSurge, deployment.Replicas(), roundUp: true);
        var unavailable = IntOrPercent.Of(rolling?.MaxUnavailable, deployment.Replicas(), roundUp: false);
        return surge == 0 && unavailable == 0 ? (0, 1) : (surge, unavailable);
    }
}
