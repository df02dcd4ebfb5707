using k8s.Models;

using MiniKube.Api.Meta;

namespace MiniKube.Scheduler.Framework;

/// <summary>A pod with all that scheduling needs of it, worked out once. Immutable.</summary>
internal sealed class PodInfo(V1Pod pod)
{
    public V1Pod Pod { get; } = pod;

    public NamespacedName Key { get; } = new(pod.Metadata?.NamespaceProperty ?? "", pod.Metadata?.Name ?? "");

    public string Uid { get; } = pod.Metadata?.Uid ?? "";

    public int Priority { get; } = pod.Spec?.Priority ?? 0;

    /// <summary>Empty while the pod is not assigned.</summary>
    public string NodeName { get; } = pod.Spec?.NodeName ?? "";

    /// <summary>Deleted, and about to go.</summary>
    public bool IsTerminating { get; } = pod.Metadata?.DeletionTimestamp is not null;

    public Resource Requests { get; } = PodRequests.Of(pod);

    public Resource NonZeroRequests { get; } = PodRequests.NonZeroOf(pod);

    public IReadOnlyList<HostPort> HostPorts { get; } = HostPort.Of(pod);

    public PodAffinityTerms Affinity { get; } = new(pod);
}
