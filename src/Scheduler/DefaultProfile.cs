using MiniKube.Scheduler.Framework;
using MiniKube.Scheduler.Plugins;

namespace MiniKube.Scheduler;

/// <summary>The plugins of <c>default-scheduler</c>: cheap filters first, as upstream orders them.</summary>
internal static class DefaultProfile
{
    public const string SchedulerName = "default-scheduler";

    public static Profile Create(INamespaceLabels namespaces)
    {
        var taints = new TaintToleration();
        var affinity = new NodeAffinity();
        var fit = new NodeResourcesFit();
        var spread = new PodTopologySpread();
        var podAffinity = new InterPodAffinity(namespaces);
        return new Profile(
            SchedulerName,
            [new NodeUnschedulable(), new NodeName(), taints, affinity, new NodePorts(), fit, spread, podAffinity],
            [taints, affinity, fit, spread, podAffinity, new NodeResourcesBalancedAllocation(), new ImageLocality()]);
    }
}
