using System.Globalization;

using k8s.Models;

using MiniKube.Kubelet.Node;
using MiniKube.Kubelet.Pods;

namespace MiniKube.Kubelet.Volumes;

/// <summary>What a pod may learn of itself. Pure.</summary>
internal sealed class DownwardApi(NodeAgentOptions options, NodeFacts facts)
{
    /// <summary>Null for a path that there is not.</summary>
    public string? Field(V1Pod pod, string path, string podIp) => path switch
    {
        "metadata.name" => pod.Name(),
        "metadata.namespace" => pod.Namespace(),
        "metadata.uid" => pod.Uid(),
        "metadata.labels" => Lines(pod.Metadata?.Labels),
        "metadata.annotations" => Lines(pod.Metadata?.Annotations),
        "spec.nodeName" => options.NodeName,
        "spec.serviceAccountName" => pod.Spec?.ServiceAccountName ?? "",
        "status.hostIP" or "status.hostIPs" => options.NodeIp,
        "status.podIP" or "status.podIPs" => podIp,
        _ when Key(path, "metadata.labels") is { } label => Value(pod.Metadata?.Labels, label),
        _ when Key(path, "metadata.annotations") is { } annotation => Value(pod.Metadata?.Annotations, annotation),
        _ => null,
    };

    /// <summary>A request or limit in units of the divisor, rounded up. A limit that is not set is the pod's, or what the node has for pods.</summary>
    public string? Resource(V1Pod pod, V1Container? own, V1ResourceFieldSelector selector)
    {
        var container = string.IsNullOrEmpty(selector.ContainerName)
            ? own
            : pod.AllContainers().FirstOrDefault(candidate => candidate.Name == selector.ContainerName);
        var words = (selector.Resource ?? "").Split('.', 2);
        if (container is null || words is not ["limits" or "requests", var name])
        {
            return null;
        }

        var isLimit = words[0] == "limits";
        var list = isLimit ? container.Resources?.Limits : container.Resources?.Requests;
        var amount = list is not null && list.TryGetValue(name, out var quantity) ? quantity.ToDecimal()
            : isLimit ? pod.Spec?.Resources?.Limits?.TryGetValue(name, out var whole) == true ? whole.ToDecimal() : OfNode(name)
            : 0;
        var divisor = selector.Divisor?.ToDecimal() is { } given and > 0 ? given : 1;
        return Math.Ceiling(amount / divisor).ToString("0", CultureInfo.InvariantCulture);
    }

    private decimal OfNode(string name) => name switch
    {
        "cpu" => facts.Cpus,
        "memory" => NodeObject.AllocatableMemory(facts),
        "ephemeral-storage" => facts.EphemeralStorage,
        _ => 0,
    };

    private static string? Key(string path, string map) =>
        path.StartsWith($"{map}['", StringComparison.Ordinal) && path.EndsWith("']", StringComparison.Ordinal) ? path[(map.Length + 2)..^2] : null;

    private static string Value(IDictionary<string, string>? map, string key) => map is not null && map.TryGetValue(key, out var value) ? value : "";

    // key="escaped value", sorted, one a line.
    private static string Lines(IDictionary<string, string>? map) => string.Join('\n', (map ?? new Dictionary<string, string>())
        .OrderBy(entry => entry.Key, StringComparer.Ordinal)
        .Select(entry => $"{entry.Key}={Api.Errors.GoText.Quote(entry.Value ?? "")}"));
}
