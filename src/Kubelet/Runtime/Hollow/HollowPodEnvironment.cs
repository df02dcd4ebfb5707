using k8s.Models;

using MiniKube.Kubelet.Pods;

namespace MiniKube.Kubelet.Runtime.Hollow;

/// <summary>A hollow container sees no volumes and no environment: only what identifies it and its command matter.</summary>
internal sealed class HollowPodEnvironment : IPodEnvironment, IPullSecrets
{
    public IEnumerable<string> Held => [];

    public Task PrepareAsync(V1Pod pod, CancellationToken cancellationToken) => Task.CompletedTask;

    public string? FindOverfullVolume(V1Pod pod) => null;

    public Task<SandboxConfig> ConfigureSandboxAsync(V1Pod pod, int attempt, CancellationToken cancellationToken) => Task.FromResult(ConfigureSandbox(pod, attempt));

    public Task ConnectAsync(V1Pod pod, RuntimeSandbox sandbox, CancellationToken cancellationToken) => Task.CompletedTask;

    private static SandboxConfig ConfigureSandbox(V1Pod pod, int attempt) =>
        new(pod.Uid(), pod.Namespace(), pod.Name(), attempt) { HostNetwork = pod.HostNetwork() };

    public Task<ContainerConfig> ConfigureContainerAsync(
        V1Pod pod, V1Container container, int attempt, ImageInfo image, RuntimePod status, CancellationToken cancellationToken) =>
        Task.FromResult(new ContainerConfig(ConfigureSandbox(pod, attempt), container.Name, attempt, container.Image ?? "", image.Reference)
        {
            Command = [.. container.Command ?? []],
            Args = [.. container.Args ?? []],
            Resources = ContainerResourceMath.Of(pod, container, 0),
        });

    public Task ReleaseAsync(V1Pod pod, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<IReadOnlyList<RegistryCredential>> ForAsync(V1Pod pod, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<RegistryCredential>>([]);
}
