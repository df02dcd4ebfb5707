using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources.AdmissionRegistration;

/// <summary>How tables show what parameterizes a policy.</summary>
internal static class ParamColumns
{
    public static string Kind(JsonObject policy) => policy.ObjectAt("spec", "paramKind") is { } kind
        ? $"{kind.StringAt("apiVersion")}/{kind.StringAt("kind")}"
        : Cell.Unset;

    /// <summary>The namespace is not known of a name alone: it may be that of the request.</summary>
    public static string Reference(JsonObject binding)
    {
        var reference = binding.ObjectAt("spec", "paramRef");
        if (reference.StringAt("name") is { Length: > 0 } name)
        {
            return $"{(reference.StringAt("namespace") is { Length: > 0 } space ? space : "*")}/{name}";
        }

        return reference.ObjectAt("selector") is { } selector ? AsGo(selector) : Cell.Unset;
    }

    // Upstream prints the Go struct.
    private static string AsGo(JsonObject selector)
    {
        var labels = (selector.ObjectAt("matchLabels") ?? [])
            .OrderBy(label => label.Key, StringComparer.Ordinal)
            .Select(label => $"{label.Key}: {FieldPath.Text(label.Value)},");
        var expressions = selector.ObjectsAt("matchExpressions").Select(expression =>
            $"LabelSelectorRequirement{{Key:{expression.StringAt("key")},Operator:{expression.StringAt("operator")},"
            + $"Values:[{string.Join(' ', (expression["values"] as JsonArray ?? []).Select(FieldPath.Text))}],}},");
        return $"&LabelSelector{{MatchLabels:map[string]string{{{string.Concat(labels)}}},MatchExpressions:[]LabelSelectorRequirement{{{string.Concat(expressions)}}},}}";
    }
}
