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
        Cell.Text("Ready", obj => PodSummary.Of(obj).Ready, description: "The aggregate readiness state of this pod for accepting traffic."),
        Cell.Text("Status", obj => PodSummary.Of(obj).Status, description: "The aggregate status of the containers in this pod."),
        Cell.Timed("Restarts", Restarts) with
        {
            Description = "The number of times the containers in this pod have been restarted and when the last container in this pod has restarted.",
        },
        TableColumn.Age,
        Cell.Text("IP", obj => obj.ObjectsAt("status", "podIPs").FirstOrDefault().StringAt("ip") is { Length: > 0 } ip ? ip : Cell.None, 1) with { DescribedBy = "status.podIP" },
        Cell.Text("Node", "spec.nodeName", 1, Cell.None),
        Cell.Text("Nominated Node", "status.nominatedNodeName", 1, Cell.None),
        Cell.Text("Readiness Gates", ReadinessGates, 1) with { DescribedBy = "spec.readinessGates" },
    ];

    /// <summary>Clients may show pods that have ended apart from others.</summary>
    public static JsonArray? RowConditions(JsonObject obj) => obj.StringAt("status", "phase") switch
    {
        "Succeeded" => Completed("Succeeded", "The pod has completed successfully."),
        "Failed" => Completed("Failed", "The pod failed."),
        _ => null,
    };

    private static JsonArray Completed(string reason, string message) =>
        new(new JsonObject { ["type"] = "Completed", ["status"] = "True", ["reason"] = reason, ["message"] = message });

    private static Func<DateTimeOffset, string> Restarts(JsonObject obj)
    {
        var summary = PodSummary.Of(obj);
        var count = $"{summary.Restarts}";
        if (summary.Restarts == 0 || summary.LastRestart is not { } last)
        {
            return _ => count;
        }

        var age = Ages.Since(last);
        return now => $"{count} ({age(now)} ago)";
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
