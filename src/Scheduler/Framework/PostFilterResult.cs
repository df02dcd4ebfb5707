namespace MiniKube.Scheduler.Framework;

/// <summary>What preemption decided.</summary>
/// <param name="NodeName">The node on which to make room; empty when there is none (any more), null when nothing changed.</param>
/// <param name="Victims">The pods that have to go.</param>
/// <param name="Message">Why no room can be made; empty when it can.</param>
internal sealed record PostFilterResult(string? NodeName, IReadOnlyList<PodInfo> Victims, string Message);
