using k8s.Models;

namespace MiniKube.ControllerManager.Autoscaling;

/// <summary>The conditions AbleToScale, ScalingActive and ScalingLimited.</summary>
internal static class AutoscalerConditions
{
    /// <summary>Sets a condition; its time moves only with its state.</summary>
    public static IReadOnlyList<V2HorizontalPodAutoscalerCondition> With(
        this IReadOnlyList<V2HorizontalPodAutoscalerCondition> conditions, string type, string status, string reason, string message, DateTime now)
    {
        var current = conditions.FirstOrDefault(condition => condition.Type == type);
        var changed = new V2HorizontalPodAutoscalerCondition
        {
            Type = type,
            Status = status,
            Reason = reason,
            Message = message,
            LastTransitionTime = current?.Status == status ? current.LastTransitionTime : now,
        };
        return current is null ? [.. conditions, changed] : [.. conditions.Select(condition => condition == current ? changed : condition)];
    }
}
