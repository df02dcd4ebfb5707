using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.Api.Validation;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>A label selector within an object (upstream's metav1 validation).</summary>
internal static class LabelSelectorChecks
{
    public static IEnumerable<FieldError> Validate(string path, JsonNode? selector) => selector is JsonObject
        ? Checks.Labels($"{path}.matchLabels", selector["matchLabels"]).Concat(
            selector.ObjectsAt("matchExpressions").SelectMany((expression, i) => Expression($"{path}.matchExpressions[{i}]", expression)))
        : [];

    /// <summary>Whether labels are selected; null when the selector breaks the rules. One that is absent selects nothing, an empty one everything.</summary>
    public static bool? Matches(JsonNode? selector, JsonObject? labels)
    {
        if (selector is not JsonObject || Validate("", selector).Any())
        {
            return selector is JsonObject ? null : false;
        }

        return (selector.ObjectAt("matchLabels") ?? []).All(label => labels.StringAt(label.Key) == FieldPath.Text(label.Value))
            && selector.ObjectsAt("matchExpressions").All(expression => MatchesExpression(expression, labels));
    }

    private static bool MatchesExpression(JsonObject expression, JsonObject? labels)
    {
        var value = labels.StringAt(expression.StringAt("key") ?? "");
        bool IsListed() => (expression["values"] as JsonArray ?? []).Any(listed => FieldPath.Text(listed) == value);
        return expression.StringAt("operator") switch
        {
            "In" => value is not null && IsListed(),
            "NotIn" => value is null || !IsListed(),
            "Exists" => value is not null,
            _ => value is null,
        };
    }

    private static IEnumerable<FieldError> Expression(string path, JsonObject expression)
    {
        var values = expression["values"] as JsonArray ?? [];
        switch (expression.StringAt("operator"))
        {
            case "In" or "NotIn" when values.Count == 0:
                yield return FieldError.Required($"{path}.values", "must be specified when `operator` is 'In' or 'NotIn'");
                break;
            case "Exists" or "DoesNotExist" when values.Count > 0:
                yield return FieldError.Forbidden($"{path}.values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
                break;
            case "In" or "NotIn" or "Exists" or "DoesNotExist":
                break;
            case var other:
                yield return FieldError.Invalid($"{path}.operator", other ?? "", "not a valid selector operator");
                break;
        }

        var names = Checks.Named($"{path}.key", expression.StringAt("key") ?? "", Names.QualifiedName);
        foreach (var error in names.Concat(values.SelectMany((value, i) => Checks.Named($"{path}.values[{i}]", FieldPath.Text(value), Names.LabelValue))))
        {
            yield return error;
        }
    }
}
