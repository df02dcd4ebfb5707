using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>Labels of nodes that have newer names, where pods choose nodes by them.</summary>
internal static class NodeLabelWarnings
{
    private static readonly Dictionary<string, string> Old = new(StringComparer.Ordinal)
    {
        ["beta.kubernetes.io/arch"] = "deprecated since v1.14; use \"kubernetes.io/arch\" instead",
        ["beta.kubernetes.io/os"] = "deprecated since v1.14; use \"kubernetes.io/os\" instead",
        ["failure-domain.beta.kubernetes.io/region"] = "deprecated since v1.17; use \"topology.kubernetes.io/region\" instead",
        ["failure-domain.beta.kubernetes.io/zone"] = "deprecated since v1.17; use \"topology.kubernetes.io/zone\" instead",
        ["beta.kubernetes.io/instance-type"] = "deprecated since v1.17; use \"node.kubernetes.io/instance-type\" instead",
    };

    public static IEnumerable<string> Of(string path, JsonObject spec)
    {
        foreach (var (label, _) in spec.ObjectAt("nodeSelector") ?? [])
        {
            if (Old.TryGetValue(label, out var text))
            {
                yield return $"{path}.nodeSelector[{label}]: {text}";
            }
        }

        foreach (var (at, term) in spec["affinity"] is null ? [] : Terms($"{path}.affinity.nodeAffinity", spec.At("affinity", "nodeAffinity")))
        {
            foreach (var warning in OfTerm(at, term))
            {
                yield return warning;
            }
        }

        foreach (var (index, constraint) in spec.ObjectsAt("topologySpreadConstraints").Index())
        {
            if (Old.TryGetValue(constraint.StringAt("topologyKey") ?? "", out var text))
            {
                yield return $"{path}.topologySpreadConstraints[{index}].topologyKey: {constraint.StringAt("topologyKey")} is {text}";
            }
        }
    }

    /// <summary>Of one term of a node selector.</summary>
    public static IEnumerable<string> OfTerm(string path, JsonObject term) =>
        from expression in term.ObjectsAt("matchExpressions").Index()
        let key = expression.Item.StringAt("key")
        let text = Find(key)
        where text is not null
        select $"{path}.matchExpressions[{expression.Index}].key: {key} is {text}";

    /// <summary>What is said of a label; null when there is nothing to say.</summary>
    public static string? Find(string? label) => Old.GetValueOrDefault(label ?? "");

    private static IEnumerable<(string Path, JsonObject Term)> Terms(string path, JsonNode? affinity)
    {
        const string Required = "requiredDuringSchedulingIgnoredDuringExecution";
        const string Preferred = "preferredDuringSchedulingIgnoredDuringExecution";
        return affinity.ObjectsAt(Required, "nodeSelectorTerms").Select((term, i) => ($"{path}.{Required}.nodeSelectorTerms[{i}]", term))
            .Concat(affinity.ObjectsAt(Preferred).Select((term, i) => ($"{path}.{Preferred}[{i}].preference", term.ObjectAt("preference") ?? [])));
    }
}
