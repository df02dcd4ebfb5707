using k8s.Models;

using MiniKube.Kubelet.Runtime;
using MiniKube.Kubelet.Volumes;

namespace MiniKube.Kubelet.Pods;

/// <summary>Which of the engine's runtimes a pod's class of runtimes means.</summary>
internal sealed class RuntimeHandlers(ReferencedObjects objects)
{
    /// <summary>Empty for the usual one. <see cref="ContainerRuntimeException"/> if there is no such class.</summary>
    public async Task<string> OfAsync(V1Pod pod, CancellationToken cancellationToken) => pod.Spec?.RuntimeClassName is { Length: > 0 } name
        ? (await objects.FindAsync<V1RuntimeClass>("", name, cancellationToken))?.Handler
            ?? throw new ContainerRuntimeException($"failed to get sandbox runtime: no runtime for \"{name}\" is configured")
        : "";
}
