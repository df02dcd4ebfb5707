using System.Text.Json.Nodes;

using MiniKube.Api.Selectors;
using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources;

/// <summary>Selectors as columns show them.</summary>
internal static class SelectorText
{
    /// <summary>Of a label selector or a plain map; an absent or empty one is <c>&lt;none&gt;</c>, one that breaks the rules <c>&lt;error&gt;</c>.</summary>
    public static string Of(JsonNode? selector)
    {
        if (selector is not JsonObject { Count: > 0 } map)
        {
            return Cell.None;
        }

        if (!map.ContainsKey("matchLabels") && !map.ContainsKey("matchExpressions"))
        {
            return OfLabels(map);
        }

        try
        {
            return string.Join(',', Requirements(map).OrderBy(requirement => requirement.Key, StringComparer.Ordinal)) is { Length: > 0 } text
                ? text
                : Cell.None;
        }
        catch (FormatException)
        {
            return "<error>";
        }
    }

    /// <summary>Labels as <c>a=b,c=d</c>, sorted.</summary>
    public static string OfLabels(JsonObject? labels) => labels is { Count: > 0 }
        ? string.Join(',', labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}"))
        : Cell.None;

    private static IEnumerable<LabelRequirement> Requirements(JsonObject selector)
    {
        foreach (var (key, value) in selector.ObjectAt("matchLabels") ?? [])
        {
            yield return new LabelRequirement(key, SelectorOperator.Equals, FieldPath.Text(value));
        }

        foreach (var expression in selector.ObjectsAt("matchExpressions"))
        {
            var values = (expression["values"] as JsonArray)?.Select(FieldPath.Text) ?? [];
            yield return new LabelRequirement(expression.StringAt("key") ?? "", Operator(expression.StringAt("operator")), values);
        }
    }

    private static SelectorOperator Operator(string? name) => name switch
    {
        "In" => SelectorOperator.In,
        "NotIn" => SelectorOperator.NotIn,
        "Exists" => SelectorOperator.Exists,
        "DoesNotExist" => SelectorOperator.DoesNotExist,
        _ => throw new FormatException($"{name} is not a valid label selector operator"),
    };
}
