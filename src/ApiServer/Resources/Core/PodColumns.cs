using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Resources.Core;

/// <summary>A pod's columns.</summary>
internal static class PodColumns
{
    public static IReadOnlyList<TableColumn> All { get; } =
    [
        TableColumn.NameColumn,
        Cell.Text("Ready", obj => PodSummary.Of(obj).Ready),
        Cell.Text("Status", obj => PodSummary.Of(obj).Status),
        Cell.Timed("Restarts", Restarts),
        TableColumn.Age,
        Cell.Text("IP", obj => obj.ObjectsAt("status", "podIPs").FirstOrDefault().StringAt("ip") is { Length: > 0 } ip ? ip : Cell.None, 1),
        Cell.Text("Node", "spec.nodeName", 1, Cell.None),
        Cell.Text("Nominated Node", "status.nominatedNodeName", 1, Cell.None),
        Cell.Text("Readiness Gates", ReadinessGates, 1),
    ];

    private static string Restarts(JsonObject obj, DateTimeOffset now)
    {
        var summary = PodSummary.Of(obj);
        return summary.Restarts > 0 && summary.LastRestart is { } last
            ? $"{summary.Restarts} ({Ages.Since(last, now)} ago)"
            : $"{summary.Restarts}";
    }

    private static string ReadinessGates(JsonObject obj)
    {
        var gates = obj.ObjectsAt("spec", "readinessGates").Select(gate => gate.StringAt("conditionType")).ToList();
        if (gates.Count == 0)
        {
            return Cell.None;
        }

        var fulfilled = obj.ObjectsAt("status", "conditions")
            .Where(condition => condition.StringAt("status") == "True")
            .Select(condition => condition.StringAt("type"))
            .ToHashSet();
        return $"{gates.Count(fulfilled.Contains)}/{gates.Count}";
    }
}
