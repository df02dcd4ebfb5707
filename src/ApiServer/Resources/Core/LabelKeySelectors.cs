using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources.Core;

/// <summary>
/// Turns matchLabelKeys and mismatchLabelKeys of a new pod's affinity and spreading into expressions with the pod's own values, so that whoever selects pods
/// need not know of them (KEP-3633, KEP-3243).
/// </summary>
internal static class LabelKeySelectors
{
    private const string Required = "requiredDuringSchedulingIgnoredDuringExecution";
    private const string Preferred = "preferredDuringSchedulingIgnoredDuringExecution";

    public static void Apply(JsonObject pod)
    {
        var (labels, spec) = (pod.ObjectAt("metadata", "labels"), pod.ObjectAt("spec"));
        if (spec?["affinity"] is { } affinity)
        {
            foreach (var kind in (ReadOnlySpan<string>)["podAffinity", "podAntiAffinity"])
            {
                foreach (var term in affinity.ObjectsAt(kind, Required).Concat(affinity.ObjectsAt(kind, Preferred).Select(term => term.ObjectAt("podAffinityTerm")).OfType<JsonObject>()))
                {
                    Add(term, "matchLabelKeys", "In", labels);
                    Add(term, "mismatchLabelKeys", "NotIn", labels);
                }
            }
        }

        foreach (var constraint in spec.ObjectsAt("topologySpreadConstraints"))
        {
            Add(constraint, "matchLabelKeys", "In", labels);
        }
    }

    // Without a selector the keys are refused, and keys that the pod does not have say nothing.
    private static void Add(JsonObject term, string list, string @operator, JsonObject? labels)
    {
        if (term.ObjectAt("labelSelector") is not { } selector || term[list] is not JsonArray keys)
        {
            return;
        }

        foreach (var key in keys.Select(FieldPath.Text))
        {
            if (labels.StringAt(key) is { } value)
            {
                if (selector["matchExpressions"] is not JsonArray expressions)
                {
                    selector["matchExpressions"] = expressions = [];
                }

                expressions.Add((JsonNode)new JsonObject { ["key"] = key, ["operator"] = @operator, ["values"] = new JsonArray(value) });
            }
        }
    }
}
