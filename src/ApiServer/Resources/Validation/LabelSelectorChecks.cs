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

    private static IEnumerable<FieldError> Expression(string path, JsonObject expression)
    {
        var hasValues = expression["values"] is JsonArray { Count: > 0 };
        switch (expression.StringAt("operator"))
        {
            case "In" or "NotIn" when !hasValues:
                yield return FieldError.Required($"{path}.values", "must be specified when `operator` is 'In' or 'NotIn'");
                break;
            case "Exists" or "DoesNotExist" when hasValues:
                yield return FieldError.Forbidden($"{path}.values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
                break;
            case "In" or "NotIn" or "Exists" or "DoesNotExist":
                break;
            case var other:
                yield return FieldError.Invalid($"{path}.operator", other ?? "", "not a valid selector operator");
                break;
        }

        foreach (var error in Checks.Named($"{path}.key", expression.StringAt("key") ?? "", Names.QualifiedName))
        {
            yield return error;
        }
    }
}
