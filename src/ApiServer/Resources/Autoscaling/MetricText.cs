using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources.Autoscaling;

/// <summary>What an autoscaler aims at, as the Targets column shows it: <c>cpu: 10%/80%</c>.</summary>
internal static class MetricText
{
    private const string Unknown = "<unknown>";

    public static string Targets(JsonObject obj)
    {
        var current = obj.ObjectsAt("status", "currentMetrics").ToList();
        var metrics = obj.ObjectsAt("spec", "metrics").Select((metric, index) => Target(metric, current.ElementAtOrDefault(index))).ToList();
        if (metrics.Count == 0)
        {
            return Cell.None;
        }

        var shown = string.Join(", ", metrics.Take(2));
        return metrics.Count > 2 ? $"{shown} + {metrics.Count - 2} more..." : shown;
    }

    private static string Target(JsonObject metric, JsonObject? current)
    {
        // Each type of metric has its fields under its own name in lower camel case.
        var type = metric.StringAt("type") ?? "";
        var field = type.Length == 0 ? "" : char.ToLowerInvariant(type[0]) + type[1..];
        var target = metric.ObjectAt(field, "target");
        var value = current.ObjectAt(field, "current");
        if (target.IntegerAt("averageUtilization") is { } utilization)
        {
            var now = value.IntegerAt("averageUtilization") is { } known ? $"{known}%" : Unknown;
            return $"{metric.StringAt(field, "name")}: {now}/{utilization}%";
        }

        var prefix = type is "Resource" or "ContainerResource" ? $"{metric.StringAt(field, "name")}: " : "";
        return FieldPath.Text(target?["averageValue"]) is { Length: > 0 } average
            ? $"{prefix}{Text(value?["averageValue"])}/{average}{(type is "External" or "Object" ? " (avg)" : "")}"
            : $"{prefix}{Text(value?["value"])}/{FieldPath.Text(target?["value"])}";
    }

    private static string Text(JsonNode? value) => FieldPath.Text(value) is { Length: > 0 } text ? text : Unknown;
}
