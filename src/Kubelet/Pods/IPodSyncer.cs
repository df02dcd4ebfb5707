using k8s.Models;

namespace MiniKube.Kubelet.Pods;

/// <summary>What a worker does with its pod in each of its three states. Every call may be cancelled and made again.</summary>
internal interface IPodSyncer
{
    /// <summary>Moves a pod's containers closer to its spec; called again and again as long as the pod is to run.</summary>
    Task<SyncResult> SyncAsync(V1Pod pod, CancellationToken cancellationToken);

    /// <summary>Ends every container of the pod; returns when none runs.</summary>
    Task TerminateAsync(V1Pod pod, TimeSpan grace, CancellationToken cancellationToken);

    /// <summary>Gives back what the pod held. One that is deleted leaves nothing; one that finished keeps its containers, for their logs.</summary>
    Task CleanUpAsync(V1Pod pod, bool deleted, CancellationToken cancellationToken);
}
