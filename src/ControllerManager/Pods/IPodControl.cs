using k8s;
using k8s.Models;

namespace MiniKube.ControllerManager.Pods;

/// <summary>Creates and deletes the pods of an owner, and tells so by events on the owner.</summary>
internal interface IPodControl
{
    Task CreateAsync(IKubernetesObject<V1ObjectMeta> owner, V1PodTemplateSpec template, CancellationToken cancellationToken) =>
        CreateAsync(owner, template, $"{owner.Metadata?.Name}-", cancellationToken);

    /// <param name="owner">Whose.</param>
    /// <param name="template">What of.</param>
    /// <param name="generateName">What its name begins with.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    Task CreateAsync(IKubernetesObject<V1ObjectMeta> owner, V1PodTemplateSpec template, string generateName, CancellationToken cancellationToken);

    /// <summary>A pod that is gone already counts as deleted.</summary>
    /// <returns>Whether it was there.</returns>
    Task<bool> DeleteAsync(IKubernetesObject<V1ObjectMeta> owner, V1Pod pod, CancellationToken cancellationToken);
}
