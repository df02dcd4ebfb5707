using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources.Metrics;

internal sealed class NodeMetricsStrategy() : UsageStrategy("NodeMetrics", "nodes")
{
    public override bool NamespaceScoped => false;

    protected override IEnumerable<JsonObject?> UsagesOf(JsonObject obj) => [obj.ObjectAt("usage")];
}
