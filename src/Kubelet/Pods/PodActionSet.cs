using k8s.Models;

namespace MiniKube.Kubelet.Pods;

/// <summary>What is to be done to bring a pod one step closer to its spec.</summary>
internal sealed record PodActionSet
{
    public static readonly PodActionSet None = new();

    /// <summary>Everything that runs of the pod is to be stopped first, the sandbox too.</summary>
    public bool KillPod { get; init; }

    public bool CreateSandbox { get; init; }

    /// <summary>Of the sandbox to create.</summary>
    public int SandboxAttempt { get; init; }

    public IReadOnlyList<ContainerToKill> Kill { get; init; } = [];

    /// <summary>Those that run on with other limits.</summary>
    public IReadOnlyList<ContainerToResize> Resize { get; init; } = [];

    /// <summary>To be started, in this order.</summary>
    public IReadOnlyList<V1Container> Start { get; init; } = [];

    public bool IsEmpty => !KillPod && !CreateSandbox && Kill.Count == 0 && Resize.Count == 0 && Start.Count == 0;
}
