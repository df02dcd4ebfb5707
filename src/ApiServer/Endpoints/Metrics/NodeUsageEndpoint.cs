using System.Text.Json.Nodes;

using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.Endpoints.Metrics;

/// <summary>NodeMetrics: the whole machine.</summary>
internal sealed class NodeUsageEndpoint(UsageParts parts, ServedResource nodes) : UsageEndpoint(parts, nodes)
{
    protected override string? NodeOf(CachedObject obj) => obj.Name;

    protected override JsonObject? Figures(CachedObject obj, NodeSummary summary)
    {
        if (summary.Node is not { } usage)
        {
            return null;
        }

        var figures = Moment(usage.Time, summary.WindowOf(usage));
        figures["usage"] = usage.ToJson();
        return figures;
    }
}
