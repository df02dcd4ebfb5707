namespace MiniKube.ControllerManager.Autoscaling;

/// <summary>Why the number of replicas cannot be computed: the reason and message of the condition ScalingActive.</summary>
internal sealed class AutoscalingException(string reason, string message) : Exception(message)
{
    public string Reason { get; } = reason;
}
