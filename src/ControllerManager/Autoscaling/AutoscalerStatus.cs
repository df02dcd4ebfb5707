using k8s.Models;

namespace MiniKube.ControllerManager.Autoscaling;

/// <summary>The status of an autoscaler while it is worked out.</summary>
internal sealed class AutoscalerStatus(V2HorizontalPodAutoscaler autoscaler, DateTime now)
{
    public V2HorizontalPodAutoscalerStatus Value { get; private set; } = (autoscaler.Status ?? new V2HorizontalPodAutoscalerStatus()) with
    {
        ObservedGeneration = autoscaler.Metadata?.Generation,
    };

    public void Set(string type, string state, string reason, string message) =>
        Value = Value with { Conditions = [.. new List<V2HorizontalPodAutoscalerCondition>(Value.Conditions ?? []).With(type, state, reason, message, now)] };

    /// <param name="current">The replicas there are.</param>
    /// <param name="desired">Those there are to be.</param>
    /// <param name="metrics">What was measured; null leaves it.</param>
    public void Counted(int current, int desired, IList<V2MetricStatus>? metrics) => Value = Value with
    {
        CurrentReplicas = current,
        DesiredReplicas = desired,
        CurrentMetrics = metrics is { Count: 0 } ? null : metrics ?? Value.CurrentMetrics,
    };

    public void Scaled(string message)
    {
        Set("AbleToScale", "True", "SucceededRescale", message);
        Value = Value with { LastScaleTime = now };
    }
}
