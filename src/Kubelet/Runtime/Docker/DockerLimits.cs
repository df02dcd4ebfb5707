namespace MiniKube.Kubelet.Runtime.Docker;

/// <summary>How long the engine may take to answer: an engine that hangs must not hang its node.</summary>
internal sealed record DockerLimits
{
    /// <summary>As upstream's relist, after which a node is not ready any more, but shorter than the node's lease.</summary>
    public TimeSpan Question { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Upstream's --runtime-request-timeout.</summary>
    public TimeSpan Command { get; init; } = TimeSpan.FromMinutes(2);
}
