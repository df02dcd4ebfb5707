namespace MiniKube.Scheduler.Framework;

/// <summary>Asked when no node takes a pod: may make room.</summary>
internal interface IPostFilterPlugin : IPlugin
{
    PostFilterResult PostFilter(PodInfo pod, Snapshot snapshot, PodFilters filters, Diagnosis diagnosis);
}
