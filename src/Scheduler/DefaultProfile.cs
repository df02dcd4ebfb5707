using MiniKube.Scheduler.Framework;
using MiniKube.Scheduler.Plugins;

namespace MiniKube.Scheduler;

/// <summary>The plugins of <c>default-scheduler</c>: cheap filters first, as upstream orders them.</summary>
internal static class DefaultProfile
{
    public const string SchedulerName = "default-scheduler";

    /// <param name="namespaces">Their labels.</param>
    /// <param name="more">Filters that read other objects of the cluster.</param>
    public static Profile Create(INamespaceLabels namespaces, params IReadOnlyList<IFilterPlugin> more)
    {
        var taints = new TaintToleration();
        var affinity = new NodeAffinity();
        var fit = new NodeResourcesFit();
        var spread = new PodTopologySpread();
        var podAffinity = new InterPodAffinity(namespaces);
        return new Profile(
            SchedulerName,
            [new NodeUnschedulable(), new NodeName(), taints, affinity, new NodePorts(), fit, .. more, spread, podAffinity],
            [taints, affinity, fit, spread, podAffinity, new NodeResourcesBalancedAllocation(), new ImageLocality()]);
    }
}
