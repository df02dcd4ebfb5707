using k8s.Models;

using MiniKube.Scheduler.Framework;

namespace MiniKube.Scheduler.Cache;

/// <summary>The order in which nodes are tried: one of each zone in turn, so that a search that stops early has seen all zones.</summary>
internal static class NodeOrder
{
    public static IReadOnlyList<NodeInfo> Interleave(IEnumerable<NodeInfo> nodes)
    {
        var zones = nodes
            .OrderBy(node => node.Name, StringComparer.Ordinal)
            .GroupBy(node => ZoneOf(node.Node), StringComparer.Ordinal)
            .Select(zone => zone.ToArray())
            .ToList();

        var order = new List<NodeInfo>();
        for (var round = 0; zones.Count > 0; round++)
        {
            zones.RemoveAll(zone => zone.Length <= round);
            order.AddRange(zones.Select(zone => zone[round]));
        }

        return order;
    }

    /// <summary>Region and zone, both empty where nodes have none.</summary>
    public static string ZoneOf(V1Node node) =>
        $"{Label(node, "topology.kubernetes.io/region")}/{Label(node, "topology.kubernetes.io/zone")}";

    private static string? Label(V1Node node, string key) =>
        node.Metadata?.Labels is { } labels && labels.TryGetValue(key, out var value) ? value : null;
}
