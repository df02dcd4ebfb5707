using k8s.Models;

using MiniKube.Kubelet.Runtime;
using MiniKube.Kubelet.Status;

namespace MiniKube.Kubelet.Pods;

/// <summary>Hands what happens to the pods' workers, and ends what runs without a pod.</summary>
internal sealed class SyncLoop(SyncQueue queue, PodWorkers workers, PodManager pods, StatusManager statuses, IPodEnvironment environment, IReadOnlySet<string> sources)
{
    private readonly HashSet<string> _ready = [];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var syncEvent in queue.Reader.ReadAllAsync(cancellationToken))
            {
                Handle(syncEvent, cancellationToken);
            }
        }
        finally
        {
            await workers.DrainAsync();
        }
    }

    private void Handle(SyncEvent syncEvent, CancellationToken cancellationToken)
    {
        switch (syncEvent)
        {
            case SyncEvent.PodUpdated { Pod: var pod } when pod.IsMirror():
                pods.Set(pod);
                statuses.MirrorChanged(pod);
                break;
            case SyncEvent.PodUpdated { Pod: var pod }:
                pods.Set(pod);
                statuses.PodChanged(pod);
                workers.Update(pod, cancellationToken);
                break;
            case SyncEvent.PodRemoved { Pod: var pod } when pod.IsMirror():
                pods.Remove(pod);
                break;
            case SyncEvent.PodRemoved { Pod: var pod }:
                pods.Remove(pod);
                statuses.Forget(pod.Uid());
                workers.Remove(pod.Uid());
                break;
            case SyncEvent.PodChanged { Uid: var uid }:
                workers.Wake(uid);
                break;
            case SyncEvent.SourceReady { Source: var source }:
                _ready.Add(source);
                break;
            case SyncEvent.Relisted { Pods: var running }:
                CleanUp(running, cancellationToken);
                break;
        }
    }

    private void CleanUp(IReadOnlyList<RuntimePod> running, CancellationToken cancellationToken)
    {
        workers.Collect(pods.Uids, cancellationToken);

        // Before every source has spoken, a pod that is not known may only not be known yet.
        if (!_ready.IsSupersetOf(sources))
        {
            return;
        }

        // What has no container any more may still have folders.
        var held = environment.Held.Except(running.Select(pod => pod.Uid)).Select(RuntimePod.Empty);
        foreach (var orphan in running.Concat(held).Where(pod => !pods.Uids.Contains(pod.Uid)))
        {
            workers.RemoveOrphan(AsPod(orphan), cancellationToken);
        }
    }

    /// <summary>What little is known of a pod of which only containers are left.</summary>
    private static V1Pod AsPod(RuntimePod orphan) => new()
    {
        Metadata = new V1ObjectMeta { Name = orphan.Name, NamespaceProperty = orphan.Namespace, Uid = orphan.Uid },
        Spec = new V1PodSpec
        {
            Containers = [.. orphan.Containers.Select(container => container.Name).Distinct().Select(name => new V1Container { Name = name })],
            TerminationGracePeriodSeconds =
                (long?)orphan.Containers.Select(container => container.TerminationGracePeriod).FirstOrDefault(grace => grace is not null)?.TotalSeconds,
        },
    };
}
