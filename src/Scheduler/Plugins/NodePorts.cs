using MiniKube.Scheduler.Framework;

namespace MiniKube.Scheduler.Plugins;

/// <summary>A host port can be taken once a node, protocol and host address.</summary>
internal sealed class NodePorts : IFilterPlugin
{
    private static readonly PluginStatus Taken = PluginStatus.Unschedulable("node(s) didn't have free ports for the requested pod ports");

    public string Name => "NodePorts";

    public IPodFilter? PreFilter(PodInfo pod, Snapshot snapshot) => pod.HostPorts.Count == 0 ? null : new PodFilter(pod.HostPorts);

    public bool QueueingHint(PodInfo pod, ClusterEvent change) => change switch
    {
        ClusterEvent.NodeAdded => true,
        ClusterEvent.AssignedPodRemoved removed => Conflict(pod.HostPorts, removed.Pod.HostPorts),
        _ => false,
    };

    private static bool Conflict(IReadOnlyList<HostPort> wanted, IReadOnlyList<HostPort> taken) =>
        taken.Any(used => wanted.Any(used.ConflictsWith));

    private sealed class PodFilter(IReadOnlyList<HostPort> wanted) : IPodFilter
    {
        public PluginStatus Filter(NodeInfo node) =>
            node.UsedPorts.IsEmpty || !Conflict(wanted, node.UsedPorts) ? PluginStatus.Success : Taken;
    }
}
