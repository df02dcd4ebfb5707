using System.Text.Json.Nodes;

using MiniKube.Api.Meta;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Resources;
using MiniKube.ApiServer.Resources.Core;

namespace MiniKube.ApiServer.Quotas;

/// <summary>Which objects a quota is about: all of its namespace, or with scopes only the pods that they describe.</summary>
internal static class QuotaScopes
{
    public static bool Includes(JsonObject quota, GroupVersionResource resource, JsonObject obj)
    {
        var scopes = quota.At("spec", "scopes") as JsonArray ?? [];
        var expressions = quota.ObjectsAt("spec", "scopeSelector", "matchExpressions").ToList();
        if (scopes.Count + expressions.Count == 0)
        {
            return true;
        }

        return resource is { Group: "", Resource: "pods" }
            && scopes.Select(FieldPath.Text).All(scope => Matches(obj, scope, "Exists", []))
            && expressions.TrueForAll(expression => Matches(
                obj,
                expression.StringAt("scopeName"),
                expression.StringAt("operator"),
                [.. (expression["values"] as JsonArray ?? []).Select(FieldPath.Text)]));
    }

    private static bool Matches(JsonObject pod, string? scope, string? @operator, HashSet<string> values)
    {
        var spec = pod.ObjectAt("spec") ?? [];
        return scope switch
        {
            "Terminating" => spec.IntegerAt("activeDeadlineSeconds") is >= 0,
            "NotTerminating" => spec.IntegerAt("activeDeadlineSeconds") is null,
            "BestEffort" => PodQos.Compute(spec) == "BestEffort",
            "NotBestEffort" => PodQos.Compute(spec) != "BestEffort",
            "CrossNamespacePodAffinity" => CrossesNamespaces(spec),
            "PriorityClass" => MatchesClass(spec.StringAt("priorityClassName") ?? "", @operator, values),
            _ => false,
        };
    }

    private static bool MatchesClass(string name, string? @operator, HashSet<string> values) => @operator switch
    {
        "In" => values.Contains(name),
        "NotIn" => name.Length > 0 && !values.Contains(name),
        "Exists" => name.Length > 0,
        _ => name.Length == 0,
    };

    private static bool CrossesNamespaces(JsonObject spec)
    {
        const string Required = "requiredDuringSchedulingIgnoredDuringExecution";
        const string Preferred = "preferredDuringSchedulingIgnoredDuringExecution";
        return ((string[])["podAffinity", "podAntiAffinity"])
            .SelectMany(kind => spec.ObjectsAt("affinity", kind, Required).Concat(
                spec.ObjectsAt("affinity", kind, Preferred).Select(term => term.ObjectAt("podAffinityTerm") ?? [])))
            .Any(term => term["namespaces"] is JsonArray { Count: > 0 } || term["namespaceSelector"] is not null);
    }
}
