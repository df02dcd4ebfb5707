using MiniKube.Scheduler.Framework;

namespace MiniKube.Scheduler.Plugins;

/// <summary>No place may have more than the maximal skew above the place that has fewest.</summary>
internal sealed class PodTopologySpreadFilter : IPodFilter
{
    private static readonly PluginStatus TooMany = PluginStatus.Unschedulable("node(s) didn't match pod topology spread constraints");
    private static readonly PluginStatus NoLabel =
        PluginStatus.Unresolvable("node(s) didn't match pod topology spread constraints (missing required label)");

    private readonly IReadOnlyList<SpreadConstraint> _constraints;

    // Of each constraint: how many there are in each place.
    private readonly Dictionary<string, int>[] _counts;
    private readonly int[] _fewest;

    public PodTopologySpreadFilter(IReadOnlyList<SpreadConstraint> constraints, IReadOnlyList<NodeInfo> nodes)
        : this(constraints, Count(constraints, nodes))
    {
    }

    private PodTopologySpreadFilter(IReadOnlyList<SpreadConstraint> constraints, Dictionary<string, int>[] counts)
    {
        _constraints = constraints;
        _counts = counts;
        _fewest = [.. constraints.Zip(counts, (constraint, places) => places.Count < constraint.MinDomains ? 0 : places.Values.DefaultIfEmpty(0).Min())];
    }

    public PluginStatus Filter(NodeInfo node)
    {
        for (var i = 0; i < _constraints.Count; i++)
        {
            var constraint = _constraints[i];
            if (!node.Labels.TryGetValue(constraint.TopologyKey, out var place))
            {
                return NoLabel;
            }

            var skew = _counts[i].GetValueOrDefault(place) + (constraint.MatchesItself ? 1 : 0) - _fewest[i];
            if (skew > constraint.MaxSkew)
            {
                return TooMany;
            }
        }

        return PluginStatus.Success;
    }

    public IPodFilter With(NodeInfo before, NodeInfo after)
    {
        var counts = _counts.Select(places => new Dictionary<string, int>(places, StringComparer.Ordinal)).ToArray();
        for (var i = 0; i < _constraints.Count; i++)
        {
            if (before.Labels.TryGetValue(_constraints[i].TopologyKey, out var place) && counts[i].ContainsKey(place) && _constraints[i].Counts(before))
            {
                counts[i][place] += _constraints[i].CountOn(after) - _constraints[i].CountOn(before);
            }
        }

        return new PodTopologySpreadFilter(_constraints, counts);
    }

    // Only nodes that have all the labels are places at all. Hot path: asked for every node.
    private static Dictionary<string, int>[] Count(IReadOnlyList<SpreadConstraint> constraints, IReadOnlyList<NodeInfo> nodes)
    {
        var counts = constraints.Select(_ => new Dictionary<string, int>(StringComparer.Ordinal)).ToArray();
        for (var n = 0; n < nodes.Count; n++)
        {
            var node = nodes[n];
            for (var i = 0; i < constraints.Count && SpreadConstraint.HaveLabels(constraints, node); i++)
            {
                if (constraints[i].Counts(node))
                {
                    var place = node.Labels[constraints[i].TopologyKey];
                    counts[i][place] = counts[i].GetValueOrDefault(place) + constraints[i].CountOn(node);
                }
            }
        }

        return counts;
    }
}
