using k8s.Models;

namespace MiniKube.ControllerManager.Pods;

/// <summary>What controllers ask about a pod.</summary>
internal static class PodState
{
    /// <summary>Neither ended nor on its way out.</summary>
    public static bool IsActive(this V1Pod pod) => !pod.HasEnded() && pod.Metadata?.DeletionTimestamp is null;

    public static bool HasEnded(this V1Pod pod) => pod.Status?.Phase is "Succeeded" or "Failed";

    public static V1PodCondition? Condition(this V1Pod pod, string type) => pod.Status?.Conditions?.FirstOrDefault(condition => condition.Type == type);

    public static bool IsReady(this V1Pod pod) => pod.Condition("Ready") is { Status: "True" };

    /// <summary>Ready for at least that long.</summary>
    public static bool IsAvailable(this V1Pod pod, int minReadySeconds, DateTime now) =>
        pod.IsReady() && pod.UntilAvailable(minReadySeconds, now) is null;

    /// <summary>How long a pod that is ready still has to stay so; null when it is available, or not ready at all.</summary>
    public static TimeSpan? UntilAvailable(this V1Pod pod, int minReadySeconds, DateTime now)
    {
        if (minReadySeconds == 0 || pod.Condition("Ready") is not { Status: "True" } ready)
        {
            return null;
        }

        var left = (ready.LastTransitionTime ?? now).AddSeconds(minReadySeconds) - now;
        return left > TimeSpan.Zero ? left : null;
    }
}
