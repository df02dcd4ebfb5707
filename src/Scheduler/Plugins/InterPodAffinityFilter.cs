using System.Collections.Immutable;

using MiniKube.Scheduler.Framework;

namespace MiniKube.Scheduler.Plugins;

/// <summary>What one pod and the pods that run already require of each other, counted by place.</summary>
internal sealed class InterPodAffinityFilter : IPodFilter
{
    private static readonly PluginStatus NoAffinity = PluginStatus.Unresolvable("node(s) didn't match pod affinity rules");
    private static readonly PluginStatus AntiAffinity = PluginStatus.Unschedulable("node(s) didn't match pod anti-affinity rules");
    private static readonly PluginStatus OthersAntiAffinity = PluginStatus.Unschedulable("node(s) didn't satisfy existing pods anti-affinity rules");

    private readonly PodInfo _pod;
    private readonly INamespaceLabels _namespaces;
    private readonly TopologyCounts _wanted;
    private readonly TopologyCounts _unwanted;
    private readonly TopologyCounts _unwelcome;

    private InterPodAffinityFilter(
        PodInfo pod, INamespaceLabels namespaces, TopologyCounts wanted, TopologyCounts unwanted, TopologyCounts unwelcome)
    {
        _pod = pod;
        _namespaces = namespaces;
        _wanted = wanted;
        _unwanted = unwanted;
        _unwelcome = unwelcome;
    }

    public static InterPodAffinityFilter? Create(PodInfo pod, Snapshot snapshot, INamespaceLabels namespaces)
    {
        var own = pod.Affinity.RequiredAffinity.Length + pod.Affinity.RequiredAntiAffinity.Length > 0;
        var tally = new Tally(pod, namespaces);
        foreach (var node in snapshot.Nodes)
        {
            foreach (var other in own ? node.Pods : node.PodsWithAffinity)
            {
                tally.Count(other, node, 1);
            }
        }

        return own || tally.Unwelcome.Count > 0
            ? new InterPodAffinityFilter(
                pod, namespaces, TopologyCounts.From(tally.Wanted), TopologyCounts.From(tally.Unwanted), TopologyCounts.From(tally.Unwelcome))
            : null;
    }

    public PluginStatus Filter(NodeInfo node)
    {
        if (!HasWanted(node))
        {
            return NoAffinity;
        }

        foreach (var term in _pod.Affinity.RequiredAntiAffinity)
        {
            if (node.Labels.TryGetValue(term.TopologyKey, out var value) && _unwanted.At(term.TopologyKey, value) > 0)
            {
                return AntiAffinity;
            }
        }

        return _unwelcome.AnyAt(node) ? OthersAntiAffinity : PluginStatus.Success;
    }

    public IPodFilter With(NodeInfo before, NodeInfo after)
    {
        var tally = new Tally(_pod, _namespaces);
        foreach (var gone in before.Pods.Except(after.Pods))
        {
            tally.Count(gone, before, -1);
        }

        foreach (var come in after.Pods.Except(before.Pods))
        {
            tally.Count(come, after, 1);
        }

        return new InterPodAffinityFilter(
            _pod, _namespaces, _wanted.Plus(tally.Wanted), _unwanted.Plus(tally.Unwanted), _unwelcome.Plus(tally.Unwelcome));
    }

    private bool HasWanted(NodeInfo node)
    {
        var terms = _pod.Affinity.RequiredAffinity;
        var found = true;
        foreach (var term in terms)
        {
            if (!node.Labels.TryGetValue(term.TopologyKey, out var value))
            {
                return false;
            }

            found &= _wanted.At(term.TopologyKey, value) > 0;
        }

        // The first of a group that wants to be together has nobody to join yet.
        return found || (_wanted.IsEmpty && terms.All(term => term.Matches(_pod, _namespaces)));
    }

    // The three counts, for one pod that is there (or was, with -1). Hot path: asked for every pod of the cluster.
    private sealed class Tally(PodInfo pod, INamespaceLabels namespaces)
    {
        public Dictionary<(string Key, string Value), int> Wanted { get; } = [];

        public Dictionary<(string Key, string Value), int> Unwanted { get; } = [];

        public Dictionary<(string Key, string Value), int> Unwelcome { get; } = [];

        public void Count(PodInfo other, NodeInfo node, int by)
        {
            var affinity = pod.Affinity.RequiredAffinity;
            if (affinity.Length > 0 && MatchesAll(affinity, other))
            {
                foreach (var term in affinity)
                {
                    Add(Wanted, term, node, by);
                }
            }

            foreach (var term in pod.Affinity.RequiredAntiAffinity)
            {
                if (term.Matches(other, namespaces))
                {
                    Add(Unwanted, term, node, by);
                }
            }

            foreach (var term in other.Affinity.RequiredAntiAffinity)
            {
                if (term.Matches(pod, namespaces))
                {
                    Add(Unwelcome, term, node, by);
                }
            }
        }

        private static void Add(Dictionary<(string Key, string Value), int> counts, AffinityTerm term, NodeInfo node, int by)
        {
            if (node.Labels.TryGetValue(term.TopologyKey, out var value))
            {
                counts[(term.TopologyKey, value)] = counts.GetValueOrDefault((term.TopologyKey, value)) + by;
            }
        }

        private bool MatchesAll(ImmutableArray<AffinityTerm> terms, PodInfo other)
        {
            foreach (var term in terms)
            {
                if (!term.Matches(other, namespaces))
                {
                    return false;
                }
            }

            return true;
        }
    }
}
