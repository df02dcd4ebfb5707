using System.Text.Json.Nodes;

using MiniKube.Api.Meta;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.Endpoints.Metrics;

/// <summary>PodMetrics: each container of a pod that runs.</summary>
internal sealed class PodUsageEndpoint(UsageParts parts, ServedResource pods) : UsageEndpoint(parts, pods)
{
    protected override string? NodeOf(CachedObject obj) =>
        obj.Field("status.phase") == "Running" && obj.Field("spec.nodeName") is { Length: > 0 } node ? node : null;

    protected override JsonObject? Figures(CachedObject obj, NodeSummary summary)
    {
        if (!summary.Pods.TryGetValue(new NamespacedName(obj.Namespace, obj.Name), out var containers))
        {
            return null;
        }

        var figures = Moment(containers.Min(container => container.Usage.Time), containers.Max(container => summary.WindowOf(container.Usage)));
        figures["containers"] = new JsonArray(
            [.. containers.Select(container => (JsonNode)new JsonObject { ["name"] = container.Name, ["usage"] = container.Usage.ToJson() })]);
        return figures;
    }
}
