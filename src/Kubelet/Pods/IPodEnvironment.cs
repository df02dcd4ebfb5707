using k8s.Models;

using MiniKube.Kubelet.Runtime;

namespace MiniKube.Kubelet.Pods;

/// <summary>What a node gives to a pod's containers: volumes, files, environment variables.</summary>
internal interface IPodEnvironment
{
    /// <summary>Makes the pod's volumes, or brings them up to date. <see cref="VolumeException"/> if one cannot be made (yet).</summary>
    Task PrepareAsync(V1Pod pod, CancellationToken cancellationToken);

    /// <summary>Says which volume holds more than its limit allows, if any does.</summary>
    string? FindOverfullVolume(V1Pod pod);

    Task<SandboxConfig> ConfigureSandboxAsync(V1Pod pod, int attempt, CancellationToken cancellationToken);

    /// <summary>Leads to the pod what it is to have of the node's network. May be called again and again.</summary>
    Task ConnectAsync(V1Pod pod, RuntimeSandbox sandbox, CancellationToken cancellationToken);

    /// <summary>Resolves everything of a container's spec; <see cref="ContainerStartException"/> if it cannot be resolved.</summary>
    Task<ContainerConfig> ConfigureContainerAsync(V1Pod pod, V1Container container, int attempt, ImageInfo image, RuntimePod status, CancellationToken cancellationToken);

    /// <summary>The uids of the pods that have something on the node, also those that an earlier kubelet left.</summary>
    IEnumerable<string> Held { get; }

    /// <summary>Gives back what the pod had on the node.</summary>
    Task ReleaseAsync(V1Pod pod, CancellationToken cancellationToken);
}
