using k8s.Models;

namespace MiniKube.Kubelet.Pods;

/// <summary>What the sync loop is told.</summary>
internal abstract record SyncEvent
{
    /// <summary>A source has a pod, new or changed.</summary>
    public sealed record PodUpdated(V1Pod Pod) : SyncEvent;

    /// <summary>A source no longer has a pod.</summary>
    public sealed record PodRemoved(V1Pod Pod) : SyncEvent;

    /// <summary>The runtime, a probe or a timer says that something of a pod changed.</summary>
    public sealed record PodChanged(string Uid) : SyncEvent;

    /// <summary>A source has delivered everything it has for the first time.</summary>
    public sealed record SourceReady(string Source) : SyncEvent;

    /// <summary>What runs, as the runtime listed it: time to end what nobody wants.</summary>
    public sealed record Relisted(IReadOnlyList<Runtime.RuntimePod> Pods) : SyncEvent;
}
