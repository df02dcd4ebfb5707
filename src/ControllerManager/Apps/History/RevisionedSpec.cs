using k8s;
using k8s.Models;

namespace MiniKube.ControllerManager.Apps.History;

/// <summary>What of a workload its revisions are made from.</summary>
/// <param name="Owner">The DaemonSet or StatefulSet.</param>
/// <param name="Selector">Chooses the revisions too.</param>
/// <param name="Template">What a revision holds.</param>
/// <param name="Collisions">How often two templates had one hash: status.collisionCount.</param>
/// <param name="HashLabel">The label by which a revision carries its hash.</param>
internal sealed record RevisionedSpec(
    IKubernetesObject<V1ObjectMeta> Owner, V1LabelSelector? Selector, V1PodTemplateSpec? Template, int? Collisions, string HashLabel);
