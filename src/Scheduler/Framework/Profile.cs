namespace MiniKube.Scheduler.Framework;

/// <summary>The plugins of a scheduler name, in the order in which they are asked.</summary>
internal sealed record Profile(string SchedulerName, IReadOnlyList<IFilterPlugin> Filters, IReadOnlyList<IScorePlugin> Scores);
