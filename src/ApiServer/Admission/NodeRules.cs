using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Admission;

/// <summary>What a kubelet may write of Nodes: only its own, without owner references or taints changed, and of the system's labels only those that are a kubelet's.</summary>
internal static class NodeRules
{
    private static readonly string[] KubeletLabels =
    [
        "kubernetes.io/hostname", "topology.kubernetes.io/zone", "topology.kubernetes.io/region", "failure-domain.beta.kubernetes.io/zone",
        "failure-domain.beta.kubernetes.io/region", "node.kubernetes.io/instance-type", "beta.kubernetes.io/instance-type", "kubernetes.io/os", "kubernetes.io/arch",
        "beta.kubernetes.io/os", "beta.kubernetes.io/arch",
    ];

    private static readonly string[] KubeletDomains = ["kubelet.kubernetes.io", "node.kubernetes.io"];

    /// <summary>Why not; null if it may.</summary>
    public static string? Judge(AdmissionAttributes attributes, string node)
    {
        var (name, obj, old) = (attributes.Request.Name, attributes.Object, attributes.Old);
        var quoted = GoText.Quote(node);
        if (name != node)
        {
            return $"node {quoted} is not allowed to modify node {GoText.Quote(name)}";
        }

        if (obj is null)
        {
            return null;
        }

        var forbidden = Forbidden(obj.ObjectAt("metadata", "labels"), old.ObjectAt("metadata", "labels")).Order(StringComparer.Ordinal).ToList();
        return (old is null, obj) switch
        {
            (true, _) when obj.At("metadata", "ownerReferences") is JsonArray { Count: > 0 } => $"node {quoted} is not allowed to set ownerReferences on itself",
            (true, _) when forbidden.Count > 0 => $"node {quoted} is not allowed to set the following labels: {string.Join(", ", forbidden)}",
            (false, _) when !Same(obj, old, "spec", "taints") => $"node {quoted} is not allowed to modify taints",
            (false, _) when !Same(obj, old, "metadata", "ownerReferences") => $"node {quoted} is not allowed to modify ownerReferences",
            (false, _) when !Same(obj, old, "spec", "configSource") => $"node {quoted} is not allowed to update configSource to a new non-nil configSource",
            (false, _) when forbidden.Count > 0 => $"is not allowed to modify labels: {string.Join(", ", forbidden)}",
            _ => null,
        };
    }

    private static bool Same(JsonObject obj, JsonObject? old, params ReadOnlySpan<string> path) => JsonNode.DeepEquals(obj.At(path), old.At(path));

    /// <summary>The labels that were changed and are not the kubelet's to change.</summary>
    private static IEnumerable<string> Forbidden(JsonObject? labels, JsonObject? old) =>
        (labels ?? []).Select(label => label.Key)
            .Union((old ?? []).Select(label => label.Key))
            .Where(name => labels.StringAt(name) != old.StringAt(name) && !IsKubelets(name));

    private static bool IsKubelets(string label)
    {
        var slash = label.IndexOf('/', StringComparison.Ordinal);
        var domain = slash < 0 ? "" : label[..slash];
        if (domain == "node-restriction.kubernetes.io" || domain.EndsWith(".node-restriction.kubernetes.io", StringComparison.Ordinal))
        {
            return false;
        }

        var isSystem = IsIn(domain, "kubernetes.io") || IsIn(domain, "k8s.io");
        return !isSystem || KubeletLabels.Contains(label) || KubeletDomains.Any(allowed => IsIn(domain, allowed));
    }

    private static bool IsIn(string domain, string parent) => domain == parent || domain.EndsWith($".{parent}", StringComparison.Ordinal);
}
