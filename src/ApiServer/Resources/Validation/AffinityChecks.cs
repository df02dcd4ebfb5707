using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.Api.Validation;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>Affinity to nodes and to other pods.</summary>
internal static class AffinityChecks
{
    private const string Required = "requiredDuringSchedulingIgnoredDuringExecution";
    private const string Preferred = "preferredDuringSchedulingIgnoredDuringExecution";

    public static IEnumerable<FieldError> Validate(string path, JsonNode? affinity) =>
        OfNodes($"{path}.nodeAffinity", affinity.ObjectAt("nodeAffinity"))
        .Concat(OfPods($"{path}.podAffinity", affinity.ObjectAt("podAffinity")))
        .Concat(OfPods($"{path}.podAntiAffinity", affinity.ObjectAt("podAntiAffinity")));

    private static IEnumerable<FieldError> OfNodes(string path, JsonObject? affinity)
    {
        if (affinity.ObjectAt(Required) is { } required)
        {
            var at = $"{path}.{Required}.nodeSelectorTerms";
            var terms = required.ObjectsAt("nodeSelectorTerms").ToList();
            var errors = terms.Count == 0
                ? [FieldError.Required(at, "must have at least one node selector term")]
                : terms.SelectMany((term, i) => Term($"{at}[{i}]", term));
            foreach (var error in errors)
            {
                yield return error;
            }
        }

        foreach (var (index, term) in affinity.ObjectsAt(Preferred).Index())
        {
            var at = $"{path}.{Preferred}[{index}]";
            foreach (var error in Weight(at, term).Concat(Term($"{at}.preference", term.ObjectAt("preference") ?? [])))
            {
                yield return error;
            }
        }
    }

    private static IEnumerable<FieldError> Term(string path, JsonObject term) =>
        term.ObjectsAt("matchExpressions").SelectMany((expression, i) => Expression($"{path}.matchExpressions[{i}]", expression))
        .Concat(term.ObjectsAt("matchFields").SelectMany((field, i) => Field($"{path}.matchFields[{i}]", field)));

    private static IEnumerable<FieldError> Expression(string path, JsonObject expression)
    {
        var values = (expression["values"] as JsonArray)?.Count ?? 0;
        var error = expression.StringAt("operator") switch
        {
            "In" or "NotIn" => values == 0 ? FieldError.Required($"{path}.values", "must be specified when `operator` is 'In' or 'NotIn'") : null,
            "Exists" or "DoesNotExist" => values > 0
                ? FieldError.Forbidden($"{path}.values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")
                : null,
            "Gt" or "Lt" => values != 1
                ? FieldError.Required($"{path}.values", "must be specified single value when `operator` is 'Lt' or 'Gt'")
                : null,
            var other => FieldError.Invalid($"{path}.operator", other ?? "", "not a valid selector operator"),
        };
        IEnumerable<FieldError> errors = error is null ? [] : [error];
        return errors.Concat(Checks.Named($"{path}.key", expression.StringAt("key") ?? "", Names.QualifiedName));
    }

    // Nodes can be chosen by one field only.
    private static IEnumerable<FieldError> Field(string path, JsonObject field)
    {
        if (field.StringAt("key") is var key and not "metadata.name")
        {
            yield return FieldError.Invalid($"{path}.key", key ?? "", "not a valid field selector key");
        }

        if (field.StringAt("operator") is not ("In" or "NotIn"))
        {
            yield return FieldError.Invalid($"{path}.operator", field.StringAt("operator") ?? "", "not a valid selector operator");
        }
        else if (field["values"] is not JsonArray { Count: 1 })
        {
            yield return FieldError.Required($"{path}.values", "must be only one value when `operator` is 'In' or 'NotIn' for node field selector");
        }
    }

    private static IEnumerable<FieldError> OfPods(string path, JsonObject? affinity) =>
        affinity.ObjectsAt(Required).SelectMany((term, i) => PodTerm($"{path}.{Required}[{i}]", term))
        .Concat(affinity.ObjectsAt(Preferred).SelectMany((term, i) => Weight($"{path}.{Preferred}[{i}]", term)
            .Concat(PodTerm($"{path}.{Preferred}[{i}].podAffinityTerm", term.ObjectAt("podAffinityTerm") ?? []))));

    private static IEnumerable<FieldError> PodTerm(string path, JsonObject term)
    {
        var key = term.StringAt("topologyKey") ?? "";
        return LabelSelectorChecks.Validate($"{path}.labelSelector", term["labelSelector"])
            .Concat(key.Length == 0
                ? [FieldError.Required($"{path}.topologyKey", "can not be empty")]
                : Checks.Named($"{path}.topologyKey", key, Names.QualifiedName));
    }

    private static IEnumerable<FieldError> Weight(string path, JsonObject term) => term.IntegerAt("weight") is { } weight and >= 1 and <= 100
        ? []
        : [FieldError.Invalid($"{path}.weight", term.IntegerAt("weight") ?? 0, "must be in the range 1-100")];
}
