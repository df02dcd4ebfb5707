using System.Globalization;

using k8s.Models;

namespace MiniKube.Api.Scheduling;

/// <summary>Node selector terms: requirements on labels, and on the one field metadata.name.</summary>
public static class NodeTerms
{
    private const string NameField = "metadata.name";

    public static bool HasLabels(V1Node node, IDictionary<string, string> wanted)
    {
        // Hot path: mostly there is nothing to ask for, and nothing is allocated then.
        if (wanted.Count == 0)
        {
            return true;
        }

        foreach (var (key, value) in wanted)
        {
            if (Label(node, key) != value)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Terms are alternatives; no term matches nothing.</summary>
    public static bool MatchesAny(V1Node node, IEnumerable<V1NodeSelectorTerm>? terms)
    {
        foreach (var term in terms ?? [])
        {
            if (Matches(node, term))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>All requirements of a term must hold; an empty term matches nothing.</summary>
    public static bool Matches(V1Node node, V1NodeSelectorTerm? term)
    {
        if (term is not ({ MatchExpressions.Count: > 0 } or { MatchFields.Count: > 0 }))
        {
            return false;
        }

        return (term.MatchExpressions ?? []).All(requirement => Holds(requirement, Label(node, requirement.Key)))
            && (term.MatchFields ?? []).All(requirement => requirement.Key == NameField && Holds(requirement, node.Metadata?.Name));
    }

    /// <summary>The names to which the terms limit the nodes; null when some term does not limit them.</summary>
    public static IReadOnlySet<string>? NamesOf(IEnumerable<V1NodeSelectorTerm>? terms)
    {
        HashSet<string>? names = null;
        foreach (var term in terms ?? [])
        {
            var byName = (term.MatchFields ?? []).Where(requirement => requirement.Key == NameField && requirement.OperatorProperty == "In").ToList();
            if (byName.Count == 0)
            {
                return null;
            }

            names ??= new HashSet<string>(StringComparer.Ordinal);
            names.UnionWith(byName.Select(requirement => requirement.Values ?? []).Aggregate<IEnumerable<string>>((a, b) => a.Intersect(b)));
        }

        return names;
    }

    private static bool Holds(V1NodeSelectorRequirement requirement, string? value) => requirement.OperatorProperty switch
    {
        "In" => value is not null && requirement.Values?.Contains(value) == true,
        "NotIn" => value is null || requirement.Values?.Contains(value) != true,
        "Exists" => value is not null,
        "DoesNotExist" => value is null,
        "Gt" => Compare(value, requirement.Values) > 0,
        "Lt" => Compare(value, requirement.Values) < 0,
        _ => false,
    };

    // 0 when either is not an integer: then neither greater nor less.
    private static int Compare(string? value, IList<string>? bounds) =>
        long.TryParse(value, CultureInfo.InvariantCulture, out var number)
        && bounds is [var bound] && long.TryParse(bound, CultureInfo.InvariantCulture, out var limit)
            ? number.CompareTo(limit)
            : 0;

    private static string? Label(V1Node node, string key) =>
        node.Metadata?.Labels is { } labels && labels.TryGetValue(key, out var value) ? value : null;
}
