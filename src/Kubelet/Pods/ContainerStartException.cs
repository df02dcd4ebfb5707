namespace MiniKube.Kubelet.Pods;

/// <summary>A container cannot be started now. Reason and message are what its waiting state shows.</summary>
internal sealed class ContainerStartException(string reason, string message, TimeSpan? retryAfter = null) : Exception(message)
{
    public string Reason { get; } = reason;

    /// <summary>When to try again; null leaves it to the worker.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}
