using k8s.Models;

namespace MiniKube.Scheduler.Framework;

/// <summary>Something that happened in the cluster and may let a refused pod fit.</summary>
internal abstract record ClusterEvent
{
    internal sealed record NodeAdded(V1Node Node) : ClusterEvent;

    internal sealed record NodeUpdated(V1Node Old, V1Node New) : ClusterEvent;

    /// <summary>A pod that was not there before runs on a node now.</summary>
    internal sealed record AssignedPodAdded(PodInfo Pod) : ClusterEvent;

    internal sealed record AssignedPodUpdated(PodInfo Old, PodInfo New) : ClusterEvent;

    /// <summary>A pod left its node: deleted, ended, or its binding failed.</summary>
    internal sealed record AssignedPodRemoved(PodInfo Pod) : ClusterEvent;

    /// <summary>A claim, a volume or a storage class is new or different.</summary>
    internal sealed record VolumesChanged : ClusterEvent;

    /// <summary>The node before (null when it is new) and now, if the event is about a node.</summary>
    public bool TryGetNode(out V1Node? old, out V1Node? @new)
    {
        (old, @new) = this switch
        {
            NodeAdded added => (null, added.Node),
            NodeUpdated updated => (updated.Old, updated.New),
            _ => ((V1Node?)null, (V1Node?)null),
        };
        return @new is not null;
    }

    /// <summary>Whether the event made a node pass that did not pass before.</summary>
    public bool MakesNodePass(Func<V1Node, bool> passes) =>
        TryGetNode(out var old, out var node) && passes(node!) && (old is null || !passes(old));
}
