namespace MiniKube.Scheduler.Framework;

/// <summary>A plugin that may refuse nodes to a pod.</summary>
internal interface IFilterPlugin : IPlugin
{
    /// <summary>Works out once what the pod needs; null when the pod has nothing that this plugin could refuse.</summary>
    IPodFilter? PreFilter(PodInfo pod, Snapshot snapshot);

    /// <summary>Whether a pod that this plugin refused may fit after the event, so that it is worth another try.</summary>
    bool QueueingHint(PodInfo pod, ClusterEvent change);
}
