using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;

namespace MiniKube.Api.Selectors;

/// <summary>Chooses objects by their labels: all requirements must hold.</summary>
public sealed class LabelSelector
{
    private readonly bool _matchesNothing;

    private LabelSelector(IReadOnlyList<LabelRequirement> requirements, bool matchesNothing = false)
    {
        Requirements = requirements;
        _matchesNothing = matchesNothing;
    }

    public static LabelSelector Everything { get; } = new([]);

    public static LabelSelector Nothing { get; } = new([], matchesNothing: true);

    public IReadOnlyList<LabelRequirement> Requirements { get; }

    public bool MatchesEverything => Requirements.Count == 0 && !_matchesNothing;

    /// <summary>Reads the query parameter <c>labelSelector</c>; an empty one matches everything.</summary>
    /// <exception cref="StatusException">BadRequest, with upstream's text.</exception>
    public static LabelSelector Parse(string? text)
    {
        try
        {
            return string.IsNullOrEmpty(text) ? Everything : FromRequirements(new LabelSelectorParser(text).Parse());
        }
        catch (FormatException exception)
        {
            throw StatusException.BadRequest(exception.Message);
        }
    }

    /// <summary>An absent selector matches nothing, an empty one everything.</summary>
    /// <exception cref="FormatException">The selector breaks the rules that validation checks.</exception>
    public static LabelSelector From(V1LabelSelector? selector) => selector is null
        ? Nothing
        : FromRequirements(
            (selector.MatchLabels ?? new Dictionary<string, string>())
                .Select(label => new LabelRequirement(label.Key, SelectorOperator.Equals, label.Value))
                .Concat((selector.MatchExpressions ?? []).Select(FromExpression)));

    /// <summary>A plain map, as Services and ReplicationControllers have; absent or empty matches nothing.</summary>
    public static LabelSelector FromLabels(IEnumerable<KeyValuePair<string, string>>? labels)
    {
        var selector = FromRequirements(
            (labels ?? []).Select(label => new LabelRequirement(label.Key, SelectorOperator.Equals, label.Value)));
        return selector.MatchesEverything ? Nothing : selector;
    }

    public bool Matches(IReadOnlyDictionary<string, string>? labels)
    {
        foreach (var requirement in Requirements)
        {
            if (!requirement.Matches(labels?.GetValueOrDefault(requirement.Key)))
            {
                return false;
            }
        }

        return !_matchesNothing;
    }

    /// <summary>For the models, whose maps are not read-only.</summary>
    public bool MatchesLabels(IDictionary<string, string>? labels)
    {
        foreach (var requirement in Requirements)
        {
            string? value = null;
            labels?.TryGetValue(requirement.Key, out value);
            if (!requirement.Matches(value))
            {
                return false;
            }
        }

        return !_matchesNothing;
    }

    public bool Matches(JsonObject? labels)
    {
        foreach (var requirement in Requirements)
        {
            if (!requirement.Matches(labels.StringAt(requirement.Key)))
            {
                return false;
            }
        }

        return !_matchesNothing;
    }

    /// <summary>The text that <see cref="Parse"/> reads back, requirements sorted by key.</summary>
    public override string ToString() => string.Join(',', Requirements);

    private static LabelSelector FromRequirements(IEnumerable<LabelRequirement> requirements)
    {
        var sorted = requirements.OrderBy(requirement => requirement.Key, StringComparer.Ordinal).ToList();
        return sorted.Count == 0 ? Everything : new LabelSelector(sorted);
    }

    private static LabelRequirement FromExpression(V1LabelSelectorRequirement expression) => new(
        expression.Key ?? "",
        expression.OperatorProperty switch
        {
            "In" => SelectorOperator.In,
            "NotIn" => SelectorOperator.NotIn,
            "Exists" => SelectorOperator.Exists,
            "DoesNotExist" => SelectorOperator.DoesNotExist,
            var other => throw new FormatException($"{GoText.Quote(other ?? "")} is not a valid label selector operator"),
        },
        expression.Values ?? []);
}
