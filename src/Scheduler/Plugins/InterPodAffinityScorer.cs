using System.Collections.Immutable;

using MiniKube.Scheduler.Framework;

namespace MiniKube.Scheduler.Plugins;

/// <summary>The sum of the weights of all preferences, the pod's and the others', by place.</summary>
internal sealed class InterPodAffinityScorer(INamespaceLabels namespaces) : IPodScorer
{
    // Upstream's hardPodAffinityWeight: a pod that requires another near it prefers it a little even where it is not required.
    private const int RequiredWeight = 1;

    private readonly Dictionary<(string Key, string Value), int> _weights = [];

    public static InterPodAffinityScorer? Create(PodInfo pod, Snapshot snapshot, INamespaceLabels namespaces)
    {
        var scorer = new InterPodAffinityScorer(namespaces);
        foreach (var node in snapshot.Nodes)
        {
            foreach (var other in pod.Affinity.HasPreferences ? node.Pods : node.PodsWithAffinity)
            {
                scorer.Add(pod.Affinity.PreferredAffinity, other, node, 1);
                scorer.Add(pod.Affinity.PreferredAntiAffinity, other, node, -1);
                scorer.Add(other.Affinity.PreferredAffinity, pod, node, 1);
                scorer.Add(other.Affinity.PreferredAntiAffinity, pod, node, -1);
                scorer.Add(other.Affinity.RequiredAffinity, pod, node, 1);
            }
        }

        return scorer._weights.Count > 0 ? scorer : null;
    }

    public long Score(NodeInfo node)
    {
        var sum = 0L;
        foreach (var ((key, value), weight) in _weights)
        {
            sum += node.Labels.TryGetValue(key, out var label) && label == value ? weight : 0;
        }

        return sum;
    }

    public void Normalize(Span<long> scores) => Scores.ScaleToRange(scores);

    private void Add(ImmutableArray<AffinityTerm> terms, PodInfo pod, NodeInfo node, int sign)
    {
        foreach (var term in terms)
        {
            if (term.Matches(pod, namespaces) && node.Labels.TryGetValue(term.TopologyKey, out var value))
            {
                var weight = term.Weight == 0 ? RequiredWeight : term.Weight;
                _weights[(term.TopologyKey, value)] = _weights.GetValueOrDefault((term.TopologyKey, value)) + (sign * weight);
            }
        }
    }
}
