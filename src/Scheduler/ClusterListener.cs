using k8s.Models;

using MiniKube.Client.Informers;
using MiniKube.Scheduler.Cache;
using MiniKube.Scheduler.Framework;
using MiniKube.Scheduler.Queue;

namespace MiniKube.Scheduler;

/// <summary>Turns what the informers tell into changes of the cache and the queue.</summary>
internal sealed class ClusterListener(Profile profile, SchedulerCache cache, SchedulingQueue queue, Nominations nominations)
{
    public void Listen(IInformerFactory informers)
    {
        informers.Get<V1Node>().AddHandler(OnNode);
        informers.Get<V1Pod>().AddHandler(OnPod);
        informers.Get<V1PersistentVolumeClaim>().AddHandler(_ => queue.Move(new ClusterEvent.VolumesChanged()));
        informers.Get<V1PersistentVolume>().AddHandler(_ => queue.Move(new ClusterEvent.VolumesChanged()));
        informers.Get<V1StorageClass>().AddHandler(_ => queue.Move(new ClusterEvent.VolumesChanged()));
    }

    internal void OnNode(ObjectChange<V1Node> change)
    {
        switch (change)
        {
            case { New: { } node, Old: null }:
                cache.SetNode(node);
                queue.Move(new ClusterEvent.NodeAdded(node));
                break;
            case { New: { } node, Old: { } old }:
                cache.SetNode(node);
                if (NodeChanges.Matter(old, node))
                {
                    queue.Move(new ClusterEvent.NodeUpdated(old, node));
                }

                break;
            case { Old.Metadata.Name: { } name }:
                cache.RemoveNode(name);
                break;
        }
    }

    internal void OnPod(ObjectChange<V1Pod> change)
    {
        // A pod of the same name may be another one, when a deletion and a creation were seen as one change.
        if (change is { Old: { } old, New: { } @new } && old.Metadata?.Uid != @new.Metadata?.Uid)
        {
            OnPod(new ObjectChange<V1Pod>(old, null));
            OnPod(new ObjectChange<V1Pod>(null, @new));
            return;
        }

        if (change.New is { } pod && IsAssigned(pod))
        {
            OnAssigned(new PodInfo(pod));
        }
        else if (change.New is { } waiting && IsWaiting(waiting))
        {
            OnWaiting(new PodInfo(waiting));
        }
        else if ((change.New ?? change.Old)?.Metadata?.Uid is { } uid)
        {
            OnGone(uid);
        }
    }

    private static bool IsAssigned(V1Pod pod) => !string.IsNullOrEmpty(pod.Spec?.NodeName) && !IsOver(pod);

    private static bool IsOver(V1Pod pod) => pod.Status?.Phase is "Succeeded" or "Failed";

    private static bool SameLabels(PodInfo before, PodInfo after) => LabelSet.Same(before.Pod.Metadata?.Labels, after.Pod.Metadata?.Labels);

    private bool IsWaiting(V1Pod pod) =>
        !IsOver(pod)
        && string.IsNullOrEmpty(pod.Spec?.NodeName)
        && pod.Metadata?.DeletionTimestamp is null
        && (pod.Spec?.SchedulerName ?? DefaultProfile.SchedulerName) == profile.SchedulerName;

    private void OnWaiting(PodInfo pod)
    {
        // Bound already, as far as we know: this is an older state on its way.
        if (cache.Contains(pod.Uid))
        {
            return;
        }

        if (pod.Pod.Status?.NominatedNodeName is { Length: > 0 } node)
        {
            nominations.Set(pod, node);
        }

        queue.Set(pod);
    }

    private void OnAssigned(PodInfo pod)
    {
        var before = cache.SetPod(pod);
        nominations.Remove(pod.Uid);
        queue.Remove(pod.Uid);
        if (before is null or { Assumed: true })
        {
            queue.Move(new ClusterEvent.AssignedPodAdded(pod));
        }
        else if (before.Pod.Requests != pod.Requests || before.Pod.IsTerminating != pod.IsTerminating || !SameLabels(before.Pod, pod))
        {
            queue.Move(new ClusterEvent.AssignedPodUpdated(before.Pod, pod));
        }
    }

    // Deleted or over. It may have been bound without our having heard of it.
    private void OnGone(string uid)
    {
        nominations.Remove(uid);
        queue.Remove(uid);
        if (cache.RemovePod(uid) is { } state)
        {
            queue.Move(new ClusterEvent.AssignedPodRemoved(state.Pod));
        }
    }
}
