namespace MiniKube.Scheduler.Framework;

/// <summary>
/// Chooses a node for one pod: filters nodes until enough fit, scores those, takes one of the best. Used by one loop; what it keeps between
/// pods is where the next search begins, so that all nodes get their turn.
/// </summary>
internal sealed class SchedulingAlgorithm(Profile profile, Nominations nominations, Random random)
{
    // Upstream's percentageOfNodesToScore: 50 % less 1 % for every 125 nodes, at least 5 % and 100 nodes.
    private const int MinFeasibleNodes = 100;
    private const int MinFeasiblePercent = 5;

    private int _nextStart;

    public ScheduleResult Schedule(PodInfo pod, Snapshot snapshot)
    {
        var filters = PodFilters.For(pod, snapshot, profile.Filters);
        if (Nominated(pod, snapshot, filters) is { } nominated)
        {
            return new ScheduleResult(nominated, null, filters);
        }

        var candidates = Candidates(snapshot, filters.NodeNames);
        var feasible = new List<NodeInfo>();
        var rejections = new List<NodeRejection>();
        Find(pod, candidates, filters, feasible, rejections);
        if (feasible.Count == 0)
        {
            // Without any node, any plugin's idea of a good one is worth a try.
            var limiting = snapshot.Nodes.Count == 0 ? [.. profile.Filters.Select(plugin => plugin.Name)]
                : candidates.Count < snapshot.Nodes.Count ? filters.LimitingPlugins
                : [];
            return new ScheduleResult(null, new Diagnosis(snapshot.Nodes.Count, rejections) { LimitingPlugins = limiting }, filters);
        }

        return new ScheduleResult(feasible.Count == 1 ? feasible[0] : Best(pod, feasible, snapshot), null, filters);
    }

    /// <summary>How many nodes that fit are enough.</summary>
    internal static int EnoughNodes(int nodeCount)
    {
        if (nodeCount < MinFeasibleNodes)
        {
            return nodeCount;
        }

        var percent = Math.Max(MinFeasiblePercent, 50 - (nodeCount / 125));
        return Math.Max(MinFeasibleNodes, nodeCount * percent / 100);
    }

    // Preemption made room there: likely the only node that fits.
    private NodeInfo? Nominated(PodInfo pod, Snapshot snapshot, PodFilters filters) =>
        nominations.NodeOf(pod.Uid) is { } name && snapshot.TryGet(name, out var node) && Check(pod, node, filters) is null ? node : null;

    private static IReadOnlyList<NodeInfo> Candidates(Snapshot snapshot, IReadOnlySet<string>? names)
    {
        if (names is null)
        {
            return snapshot.Nodes;
        }

        var nodes = new List<NodeInfo>();
        foreach (var name in names)
        {
            if (snapshot.TryGet(name, out var node))
            {
                nodes.Add(node);
            }
        }

        return nodes;
    }

    // A window at a time on all cores; taken in order, so that the outcome does not depend on which core was faster.
    private void Find(PodInfo pod, IReadOnlyList<NodeInfo> nodes, PodFilters filters, List<NodeInfo> feasible, List<NodeRejection> rejections)
    {
        var enough = EnoughNodes(nodes.Count);
        var start = nodes.Count == 0 ? 0 : _nextStart % nodes.Count;
        var verdicts = new NodeRejection?[enough];
        var tried = 0;
        while (tried < nodes.Count && feasible.Count < enough)
        {
            var window = Math.Min(enough, nodes.Count - tried);
            var first = start + tried;
            Chunks.ForEach(window, i => verdicts[i] = Check(pod, nodes[(first + i) % nodes.Count], filters));
            for (var i = 0; i < window && feasible.Count < enough; i++, tried++)
            {
                if (verdicts[i] is { } rejection)
                {
                    rejections.Add(rejection);
                }
                else
                {
                    feasible.Add(nodes[(first + i) % nodes.Count]);
                }
            }
        }

        _nextStart = start + tried;
    }

    // Room that was made for pods of at least this priority counts as taken; but what they bring must not be relied upon either.
    private NodeRejection? Check(PodInfo pod, NodeInfo node, PodFilters filters)
    {
        var expected = nominations.On(node.Name, pod);
        if (expected.Count > 0 && filters.FilterAsIf(node, expected.Aggregate(node, (info, other) => info.WithPod(other))) is { } rejection)
        {
            return rejection with { Node = node };
        }

        return filters.Filter(node);
    }

    private NodeInfo Best(PodInfo pod, List<NodeInfo> nodes, Snapshot snapshot)
    {
        var totals = new long[nodes.Count];
        var scores = new long[nodes.Count];
        foreach (var plugin in profile.Scores)
        {
            if (plugin.PreScore(pod, nodes, snapshot) is { } scorer)
            {
                Chunks.ForEach(nodes.Count, i => scores[i] = scorer.Score(nodes[i]));
                scorer.Normalize(scores);
                for (var i = 0; i < totals.Length; i++)
                {
                    totals[i] += scores[i] * plugin.Weight;
                }
            }
        }

        return nodes[PickHighest(totals)];
    }

    // One of the highest by chance, so that equal nodes fill up evenly.
    private int PickHighest(long[] totals)
    {
        var best = 0;
        var equals = 1;
        for (var i = 1; i < totals.Length; i++)
        {
            if (totals[i] > totals[best])
            {
                (best, equals) = (i, 1);
            }
            else if (totals[i] == totals[best] && random.Next(++equals) == 0)
            {
                best = i;
            }
        }

        return best;
    }
}
