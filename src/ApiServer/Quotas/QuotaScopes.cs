using System.Text.Json.Nodes;

using MiniKube.Api.Meta;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Resources;
using MiniKube.ApiServer.Resources.Core;

namespace MiniKube.ApiServer.Quotas;

/// <summary>Which objects a quota is about: all of its namespace, or with scopes only the pods, or the claims, that they describe.</summary>
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

        bool Matches(string? scope, string? @operator, HashSet<string> values) => resource switch
        {
            { Group: "", Resource: "pods" } => MatchesPod(obj, scope, @operator, values),
            { Group: "", Resource: "persistentvolumeclaims" } => scope == "VolumeAttributesClass" && MatchesNames(ClassesOf(obj), @operator, values),
            _ => false,
        };
        return scopes.Select(FieldPath.Text).All(scope => Matches(scope, "Exists", []))
            && expressions.TrueForAll(expression => Matches(
                expression.StringAt("scopeName"),
                expression.StringAt("operator"),
                [.. (expression["values"] as JsonArray ?? []).Select(FieldPath.Text)]));
    }

    private static bool MatchesPod(JsonObject pod, string? scope, string? @operator, HashSet<string> values)
    {
        var spec = pod.ObjectAt("spec") ?? [];
        return scope switch
        {
            "Terminating" => spec.IntegerAt("activeDeadlineSeconds") is >= 0,
            "NotTerminating" => spec.IntegerAt("activeDeadlineSeconds") is null,
            "BestEffort" => PodQos.Compute(spec) == "BestEffort",
            "NotBestEffort" => PodQos.Compute(spec) != "BestEffort",
            "CrossNamespacePodAffinity" => CrossesNamespaces(spec),
            "PriorityClass" => MatchesNames(Named(spec.StringAt("priorityClassName")), @operator, values),
            _ => false,
        };
    }

    // As selectors match labels: what names nothing is not among any values.
    private static bool MatchesNames(List<string> names, string? @operator, HashSet<string> values) => @operator switch
    {
        "In" => names.Exists(values.Contains),
        "NotIn" => names.Count == 0 || names.Exists(name => !values.Contains(name)),
        "Exists" => names.Count > 0,
        _ => names.Count == 0,
    };

    // The class that a claim asks for, the one that it has, and the one that it is being changed to.
    private static List<string> ClassesOf(JsonObject claim) => Named(
        claim.StringAt("spec", "volumeAttributesClassName"),
        claim.StringAt("status", "currentVolumeAttributesClassName"),
        claim.StringAt("status", "modifyVolumeStatus", "targetVolumeAttributesClassName"));

    private static List<string> Named(params IEnumerable<string?> names) => [.. names.OfType<string>().Where(name => name.Length > 0).Distinct()];

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
