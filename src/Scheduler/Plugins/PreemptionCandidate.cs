using MiniKube.Scheduler.Framework;

namespace MiniKube.Scheduler.Plugins;

/// <summary>A node and the pods that would have to go (most important first). The smaller does less harm, by upstream's rules.</summary>
internal sealed record PreemptionCandidate(NodeInfo Node, IReadOnlyList<PodInfo> Victims) : IComparable<PreemptionCandidate>
{
    /// <summary>When the pod began to run; one that did not is the youngest.</summary>
    public static DateTime StartOf(PodInfo pod) => pod.Pod.Status?.StartTime ?? DateTime.MaxValue;

    public int CompareTo(PreemptionCandidate? other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var (mine, theirs) = (Victims, other.Victims);
        if (mine.Count == 0 || theirs.Count == 0)
        {
            return mine.Count.CompareTo(theirs.Count);
        }

        ReadOnlySpan<int> rules =
        [
            mine[0].Priority.CompareTo(theirs[0].Priority),
            Priorities(mine).CompareTo(Priorities(theirs)),
            mine.Count.CompareTo(theirs.Count),
            EarliestStart(theirs).CompareTo(EarliestStart(mine)),
            string.CompareOrdinal(Node.Name, other.Node.Name),
        ];
        foreach (var rule in rules)
        {
            if (rule != 0)
            {
                return rule;
            }
        }

        return 0;
    }

    // Shifted, so that a victim more counts more even when priorities are negative.
    private static long Priorities(IReadOnlyList<PodInfo> victims) => victims.Sum(victim => (long)victim.Priority + int.MaxValue + 1);

    private static DateTime EarliestStart(IReadOnlyList<PodInfo> victims) =>
        victims.Where(victim => victim.Priority == victims[0].Priority).Min(StartOf);
}
