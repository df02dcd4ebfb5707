using MiniKube.Scheduler.Framework;

namespace MiniKube.Scheduler.Plugins;

/// <summary>The fewer of its like in a place the better; a constraint with many places counts more, as each of them has few.</summary>
internal sealed class PodTopologySpreadScorer : IPodScorer
{
    private const long NotAPlace = -1;

    private readonly IReadOnlyList<SpreadConstraint> _constraints;
    private readonly Dictionary<string, int>[] _counts;

    public PodTopologySpreadScorer(IReadOnlyList<SpreadConstraint> constraints, IReadOnlyList<NodeInfo> feasible, IReadOnlyList<NodeInfo> all)
    {
        _constraints = constraints;
        _counts = [.. constraints.Select(constraint => Places(constraint, feasible))];
        foreach (var node in all)
        {
            for (var i = 0; i < constraints.Count && SpreadConstraint.HaveLabels(constraints, node); i++)
            {
                var place = node.Labels[constraints[i].TopologyKey];
                if (_counts[i].ContainsKey(place) && constraints[i].Counts(node))
                {
                    _counts[i][place] += constraints[i].CountOn(node);
                }
            }
        }
    }

    public long Score(NodeInfo node)
    {
        if (!SpreadConstraint.HaveLabels(_constraints, node))
        {
            return NotAPlace;
        }

        var sum = 0.0;
        for (var i = 0; i < _constraints.Count; i++)
        {
            var count = _counts[i].GetValueOrDefault(node.Labels[_constraints[i].TopologyKey]);
            sum += (count * Math.Log(_counts[i].Count + 2)) + (_constraints[i].MaxSkew - 1);
        }

        return (long)Math.Round(sum);
    }

    // Turned round: the lowest count becomes 100.
    public void Normalize(Span<long> scores)
    {
        var (min, max) = (long.MaxValue, 0L);
        foreach (var score in scores)
        {
            if (score != NotAPlace)
            {
                (min, max) = (Math.Min(min, score), Math.Max(max, score));
            }
        }

        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] = scores[i] == NotAPlace ? 0
                : max == 0 ? IPodScorer.MaxScore
                : IPodScorer.MaxScore * (max + min - scores[i]) / max;
        }
    }

    private static Dictionary<string, int> Places(SpreadConstraint constraint, IReadOnlyList<NodeInfo> feasible)
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var node in feasible)
        {
            if (node.Labels.TryGetValue(constraint.TopologyKey, out var place))
            {
                places[place] = 0;
            }
        }

        return places;
    }
}
