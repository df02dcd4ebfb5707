using MiniKube.Scheduler.Framework;

namespace MiniKube.Scheduler.Plugins;

/// <summary>Prefers nodes on which CPU and memory are used by like shares, so that neither is left over alone.</summary>
internal sealed class NodeResourcesBalancedAllocation : IScorePlugin
{
    public string Name => "NodeResourcesBalancedAllocation";

    public int Weight => 1;

    // A pod that asks for nothing does not change the balance.
    public IPodScorer? PreScore(PodInfo pod, IReadOnlyList<NodeInfo> nodes, Snapshot snapshot) =>
        pod.Requests.MilliCpu == 0 && pod.Requests.Memory == 0 ? null : new PodScorer(pod.Requests);

    private sealed class PodScorer(Resource wanted) : IPodScorer
    {
        public long Score(NodeInfo node)
        {
            if (node.Allocatable.MilliCpu == 0 || node.Allocatable.Memory == 0)
            {
                return IPodScorer.MaxScore;
            }

            var cpu = Share(node.Requested.MilliCpu + wanted.MilliCpu, node.Allocatable.MilliCpu);
            var memory = Share(node.Requested.Memory + wanted.Memory, node.Allocatable.Memory);

            // The standard deviation of two numbers is half their distance.
            return (long)((1 - (Math.Abs(cpu - memory) / 2)) * IPodScorer.MaxScore);
        }

        private static double Share(long requested, long allocatable) => Math.Min(1, (double)requested / allocatable);
    }
}
