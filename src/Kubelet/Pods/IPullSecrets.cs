using k8s.Models;

using MiniKube.Kubelet.Runtime;

namespace MiniKube.Kubelet.Pods;

/// <summary>The credentials that a pod may pull its images with.</summary>
internal interface IPullSecrets
{
    Task<IReadOnlyList<RegistryCredential>> ForAsync(V1Pod pod, CancellationToken cancellationToken);
}
