using System.Text.Json.Nodes;

using MiniKube.Api.Meta;
using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Endpoints.Metrics;

/// <summary>What a kubelet says that its node and pods use (upstream's <c>v1alpha1.Summary</c>). A pod is left out when one of its containers is not measured.</summary>
/// <param name="Node">The whole machine; null when the kubelet does not say.</param>
/// <param name="Pods">The containers of each pod, by their names.</param>
/// <param name="Before">When the kubelet was asked before: that is when what is not younger was measured from. Null when it was not.</param>
internal sealed record NodeSummary(Usage? Node, IReadOnlyDictionary<NamespacedName, IReadOnlyList<(string Name, Usage Usage)>> Pods, DateTimeOffset? Before)
{
    public static NodeSummary Read(JsonObject summary, DateTimeOffset? before)
    {
        var pods = new Dictionary<NamespacedName, IReadOnlyList<(string, Usage)>>();
        foreach (var pod in summary.ObjectsAt("pods"))
        {
            var containers = pod.ObjectsAt("containers").Select(container => (Name: container.StringAt("name") ?? "", Usage: Usage.Read(container))).ToList();
            if (containers.Count > 0 && containers.TrueForAll(container => container.Usage is not null))
            {
                pods[new NamespacedName(pod.StringAt("podRef", "namespace") ?? "", pod.StringAt("podRef", "name") ?? "")] =
                    [.. containers.Select(container => (container.Name, container.Usage!))];
            }
        }

        return new NodeSummary(summary.ObjectAt("node") is { } node ? Usage.Read(node) : null, pods, before);
    }

    /// <summary>Over which time the figure is a mean.</summary>
    public TimeSpan WindowOf(Usage usage) => usage.Time - (Before is { } before && before > usage.StartTime && before < usage.Time ? before : usage.StartTime);
}
