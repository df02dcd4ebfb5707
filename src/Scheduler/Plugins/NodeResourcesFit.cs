using k8s.Models;

using MiniKube.Scheduler.Framework;

namespace MiniKube.Scheduler.Plugins;

/// <summary>What the pod requests must be free on the node. Prefers the nodes with the largest share free (LeastAllocated).</summary>
internal sealed class NodeResourcesFit : IFilterPlugin, IScorePlugin
{
    public string Name => "NodeResourcesFit";

    public int Weight => 1;

    public IPodFilter? PreFilter(PodInfo pod, Snapshot snapshot) => new PodFilter(pod.Requests);

    public IPodScorer? PreScore(PodInfo pod, IReadOnlyList<NodeInfo> nodes, Snapshot snapshot) => new LeastAllocated(pod.NonZeroRequests);

    public bool QueueingHint(PodInfo pod, ClusterEvent change) => change switch
    {
        ClusterEvent.NodeAdded added => Fits(pod, added.Node),
        ClusterEvent.NodeUpdated updated => Fits(pod, updated.New) && Grew(updated.Old, updated.New),
        ClusterEvent.AssignedPodRemoved => true,
        ClusterEvent.AssignedPodUpdated updated => updated.Old.Requests != updated.New.Requests,
        _ => false,
    };

    private static bool Fits(PodInfo pod, V1Node node) => new PodFilter(pod.Requests).Filter(new NodeInfo(node)).IsSuccess;

    private static bool Grew(V1Node old, V1Node @new)
    {
        var before = new NodeInfo(old);
        var after = new NodeInfo(@new);
        return after.AllowedPods > before.AllowedPods
            || after.Allocatable.MilliCpu > before.Allocatable.MilliCpu
            || after.Allocatable.Memory > before.Allocatable.Memory
            || after.Allocatable.EphemeralStorage > before.Allocatable.EphemeralStorage
            || after.Allocatable.Scalars.Any(scalar => scalar.Value > before.Allocatable.Scalars.GetValueOrDefault(scalar.Key));
    }

    private sealed class PodFilter(Resource wanted) : IPodFilter
    {
        // Hot path: nothing is allocated for a node that fits.
        public PluginStatus Filter(NodeInfo node)
        {
            List<string>? reasons = null;
            var unresolvable = false;
            if (node.Pods.Length + 1 > node.AllowedPods)
            {
                (reasons ??= []).Add("Too many pods");
            }

            void Check(string name, long request, long allocatable, long requested)
            {
                if (request > 0 && request > allocatable - requested)
                {
                    (reasons ??= []).Add($"Insufficient {name}");
                    unresolvable |= request > allocatable;
                }
            }

            Check("cpu", wanted.MilliCpu, node.Allocatable.MilliCpu, node.Requested.MilliCpu);
            Check("memory", wanted.Memory, node.Allocatable.Memory, node.Requested.Memory);
            Check("ephemeral-storage", wanted.EphemeralStorage, node.Allocatable.EphemeralStorage, node.Requested.EphemeralStorage);
            if (!wanted.Scalars.IsEmpty)
            {
                foreach (var (name, request) in wanted.Scalars)
                {
                    Check(name, request, node.Allocatable.Scalars.GetValueOrDefault(name), node.Requested.Scalars.GetValueOrDefault(name));
                }
            }

            return reasons is null ? PluginStatus.Success
                : unresolvable ? PluginStatus.Unresolvable(reasons)
                : PluginStatus.Unschedulable(reasons);
        }
    }

    // The mean over CPU and memory of the share that is still free with the pod on the node.
    private sealed class LeastAllocated(Resource wanted) : IPodScorer
    {
        public long Score(NodeInfo node)
        {
            var sum = 0L;
            var count = 0;
            Add(node.Allocatable.MilliCpu, node.NonZeroRequested.MilliCpu + wanted.MilliCpu);
            Add(node.Allocatable.Memory, node.NonZeroRequested.Memory + wanted.Memory);
            return count == 0 ? 0 : sum / count;

            void Add(long allocatable, long requested)
            {
                if (allocatable > 0)
                {
                    sum += requested > allocatable ? 0 : (allocatable - requested) * IPodScorer.MaxScore / allocatable;
                    count++;
                }
            }
        }
    }
}
