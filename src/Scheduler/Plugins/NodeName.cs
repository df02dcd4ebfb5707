using MiniKube.Scheduler.Framework;

namespace MiniKube.Scheduler.Plugins;

/// <summary>A pod that names its node goes nowhere else.</summary>
internal sealed class NodeName : IFilterPlugin
{
    private static readonly PluginStatus Refused = PluginStatus.Unresolvable("node(s) didn't match the requested node name");

    string IPlugin.Name => "NodeName";

    public IPodFilter? PreFilter(PodInfo pod, Snapshot snapshot) => pod.NodeName.Length == 0 ? null : new PodFilter(pod.NodeName);

    public bool QueueingHint(PodInfo pod, ClusterEvent change) => change.MakesNodePass(node => node.Metadata?.Name == pod.NodeName);

    private sealed class PodFilter(string nodeName) : IPodFilter
    {
        public PluginStatus Filter(NodeInfo node) => node.Name == nodeName ? PluginStatus.Success : Refused;
    }
}
