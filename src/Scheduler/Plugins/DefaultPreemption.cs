using MiniKube.Scheduler.Framework;

namespace MiniKube.Scheduler.Plugins;

/// <summary>
/// Finds the node on which the pod would fit if some pods of lower priority went, at the least harm. Only decides; the scheduler evicts.
/// </summary>
internal sealed class DefaultPreemption(Nominations nominations) : IPostFilterPlugin
{
    private const string NotHelpful = "Preemption is not helpful for scheduling";
    private const string NoVictims = "No preemption victims found for incoming pod";

    public string Name => "DefaultPreemption";

    public PostFilterResult PostFilter(PodInfo pod, Snapshot snapshot, PodFilters filters, Diagnosis diagnosis)
    {
        if (WhyNotEligible(pod, snapshot, diagnosis) is { } reason)
        {
            return Refuse(null, reason);
        }

        var candidates = new List<PreemptionCandidate>();
        var reasons = new List<string>();
        foreach (var rejection in diagnosis.Rejections.Where(rejection => rejection.Status.Code == StatusCode.Unschedulable))
        {
            TryNode(pod, rejection.Node, filters, candidates, reasons);
        }

        if (candidates.Count > 0)
        {
            var best = candidates.Min()!;
            return new PostFilterResult(best.Node.Name, best.Victims, "");
        }

        reasons.AddRange(Enumerable.Repeat(NotHelpful, diagnosis.NodeCount - diagnosis.Rejections.Count(r => r.Status.Code == StatusCode.Unschedulable)));
        return Refuse("", Diagnosis.Histogram(diagnosis.NodeCount, reasons));
    }

    private static PostFilterResult Refuse(string? nodeName, string reason) => new(nodeName, [], "preemption: " + reason);

    private string? WhyNotEligible(PodInfo pod, Snapshot snapshot, Diagnosis diagnosis)
    {
        if (pod.Pod.Spec?.PreemptionPolicy == "Never")
        {
            return "not eligible due to preemptionPolicy=Never.";
        }

        // Its victims are still going: more of them would not make it faster.
        if (nominations.NodeOf(pod.Uid) is { } name
            && snapshot.TryGet(name, out var node)
            && !diagnosis.Rejections.Any(r => r.Node.Name == name && r.Status.Code == StatusCode.UnschedulableAndUnresolvable)
            && node.Pods.Any(other => other.Priority < pod.Priority && other.IsTerminating))
        {
            return "not eligible due to a terminating pod on the nominated node.";
        }

        return null;
    }

    private static void TryNode(PodInfo pod, NodeInfo node, PodFilters filters, List<PreemptionCandidate> candidates, List<string> reasons)
    {
        var lower = node.Pods.Where(other => other.Priority < pod.Priority).ToList();
        if (lower.Count == 0)
        {
            reasons.Add(NoVictims);
            return;
        }

        var without = lower.Aggregate(node, (info, victim) => info.WithoutPod(victim.Uid));
        if (filters.FilterAsIf(node, without) is { } still)
        {
            reasons.AddRange(still.Status.Reasons);
            return;
        }

        candidates.Add(new PreemptionCandidate(node, Victims(node, without, lower, filters)));
    }

    // Spares as many as fit beside the pod, the most important first.
    private static List<PodInfo> Victims(NodeInfo node, NodeInfo without, List<PodInfo> lower, PodFilters filters)
    {
        var victims = new List<PodInfo>();
        foreach (var victim in lower.OrderByDescending(p => p.Priority).ThenBy(PreemptionCandidate.StartOf))
        {
            var spared = without.WithPod(victim);
            if (filters.FilterAsIf(node, spared) is null)
            {
                without = spared;
            }
            else
            {
                victims.Add(victim);
            }
        }

        return victims;
    }
}
