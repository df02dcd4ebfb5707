using MiniKube.Scheduler.Framework;

namespace MiniKube.Scheduler.Plugins;

/// <summary>
/// Places pods near some pods and away from others; what the pods that run already say of the new one counts too. What is required filters,
/// what is preferred scores.
/// </summary>
internal sealed class InterPodAffinity(INamespaceLabels namespaces) : IFilterPlugin, IScorePlugin
{
    public string Name => "InterPodAffinity";

    public int Weight => 2;

    public IPodFilter? PreFilter(PodInfo pod, Snapshot snapshot) => InterPodAffinityFilter.Create(pod, snapshot, namespaces);

    public IPodScorer? PreScore(PodInfo pod, IReadOnlyList<NodeInfo> nodes, Snapshot snapshot) =>
        InterPodAffinityScorer.Create(pod, snapshot, namespaces);

    public bool QueueingHint(PodInfo pod, ClusterEvent change) => change switch
    {
        ClusterEvent.AssignedPodAdded added => pod.Affinity.RequiredAffinity.Any(term => term.Matches(added.Pod, namespaces)),
        _ => true,
    };
}
