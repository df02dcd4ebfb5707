namespace MiniKube.Faults.Tests.Checking;

/// <summary>What one watcher was told without a break in its knowledge: from a list's version on, across as many connections as it took.</summary>
/// <param name="Watcher">Which one.</param>
/// <param name="From">The resourceVersion of the list that it began with.</param>
/// <param name="Events">In the order in which they came.</param>
internal sealed record WatchRange(string Watcher, long From, List<ObjectEvent> Events);
