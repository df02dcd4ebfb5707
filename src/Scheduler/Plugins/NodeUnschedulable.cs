using k8s.Models;

using MiniKube.Api.Scheduling;
using MiniKube.Scheduler.Framework;

namespace MiniKube.Scheduler.Plugins;

/// <summary>A cordoned node takes only pods that tolerate the taint of the same meaning.</summary>
internal sealed class NodeUnschedulable : IFilterPlugin, IPodFilter
{
    private static readonly PluginStatus Refused = PluginStatus.Unresolvable("node(s) were unschedulable");
    private static readonly V1Taint Taint = new() { Key = "node.kubernetes.io/unschedulable", Effect = "NoSchedule" };

    public string Name => "NodeUnschedulable";

    public IPodFilter? PreFilter(PodInfo pod, Snapshot snapshot) =>
        Tolerations.Tolerate(pod.Pod.Spec?.Tolerations, Taint) ? null : this;

    public PluginStatus Filter(NodeInfo node) => IsOpen(node.Node) ? PluginStatus.Success : Refused;

    public bool QueueingHint(PodInfo pod, ClusterEvent change) => change.MakesNodePass(IsOpen);

    private static bool IsOpen(V1Node node) => node.Spec?.Unschedulable != true;
}
