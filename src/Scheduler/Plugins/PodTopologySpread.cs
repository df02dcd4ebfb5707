using MiniKube.Scheduler.Framework;

namespace MiniKube.Scheduler.Plugins;

/// <summary>Spreads pods over places as their constraints say: those that must hold filter, the others score.</summary>
internal sealed class PodTopologySpread : IFilterPlugin, IScorePlugin
{
    public string Name => "PodTopologySpread";

    public int Weight => 2;

    public IPodFilter? PreFilter(PodInfo pod, Snapshot snapshot) =>
        SpreadConstraint.Of(pod, "DoNotSchedule") is { Count: > 0 } constraints ? new PodTopologySpreadFilter(constraints, snapshot.Nodes) : null;

    public IPodScorer? PreScore(PodInfo pod, IReadOnlyList<NodeInfo> nodes, Snapshot snapshot) =>
        SpreadConstraint.Of(pod, "ScheduleAnyway") is { Count: > 0 } constraints
            ? new PodTopologySpreadScorer(constraints, nodes, snapshot.Nodes)
            : null;

    public bool QueueingHint(PodInfo pod, ClusterEvent change) => change switch
    {
        ClusterEvent.AssignedPodAdded added => added.Pod.Key.Namespace == pod.Key.Namespace,
        ClusterEvent.AssignedPodRemoved removed => removed.Pod.Key.Namespace == pod.Key.Namespace,
        ClusterEvent.AssignedPodUpdated updated => updated.New.Key.Namespace == pod.Key.Namespace,
        _ => true,
    };
}
