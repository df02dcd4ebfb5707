namespace MiniKube.Scheduler.Framework;

/// <summary>Where a pod goes, or why it goes nowhere.</summary>
/// <param name="Node">The chosen node; null when none fits.</param>
/// <param name="Diagnosis">Why none fits; null when one was chosen.</param>
/// <param name="Filters">The pod's filters, for what comes after.</param>
internal sealed record ScheduleResult(NodeInfo? Node, Diagnosis? Diagnosis, PodFilters Filters);
