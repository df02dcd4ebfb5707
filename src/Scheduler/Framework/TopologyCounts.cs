using System.Collections.Immutable;

namespace MiniKube.Scheduler.Framework;

/// <summary>How many there are in each place, a place being a label of nodes and one of its values. Immutable.</summary>
internal sealed class TopologyCounts
{
    public static readonly TopologyCounts Empty = new([]);

    private readonly ImmutableDictionary<(string Key, string Value), int> _counts;

    private readonly string[] _keys;

    private TopologyCounts(ImmutableDictionary<(string Key, string Value), int> counts)
    {
        _counts = counts;
        _keys = [.. counts.Keys.Select(place => place.Key).Distinct(StringComparer.Ordinal)];
    }

    public bool IsEmpty => _counts.IsEmpty;

    public static TopologyCounts From(Dictionary<(string Key, string Value), int> counts) =>
        new(counts.Where(count => count.Value != 0).ToImmutableDictionary());

    public int At(string key, string value) => _counts.GetValueOrDefault((key, value));

    /// <summary>Whether there is any in one of the places where the node is.</summary>
    public bool AnyAt(NodeInfo node)
    {
        foreach (var key in _keys)
        {
            if (node.Labels.TryGetValue(key, out var value) && At(key, value) > 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The same with differences added.</summary>
    public TopologyCounts Plus(Dictionary<(string Key, string Value), int> differences)
    {
        var counts = _counts.ToBuilder();
        foreach (var (place, difference) in differences)
        {
            var count = counts.GetValueOrDefault(place) + difference;
            if (count == 0)
            {
                counts.Remove(place);
            }
            else
            {
                counts[place] = count;
            }
        }

        return new TopologyCounts(counts.ToImmutable());
    }
}
