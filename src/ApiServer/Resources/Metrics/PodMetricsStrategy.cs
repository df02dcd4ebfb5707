using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources.Metrics;

internal sealed class PodMetricsStrategy() : UsageStrategy("PodMetrics", "pods")
{
    protected override IEnumerable<JsonObject?> UsagesOf(JsonObject obj) => obj.ObjectsAt("containers").Select(container => container.ObjectAt("usage"));
}
