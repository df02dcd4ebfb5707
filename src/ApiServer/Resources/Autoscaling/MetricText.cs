using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources.Autoscaling;

/// <summary>What an autoscaler aims at, as the Targets column shows it: <c>cpu: 10%/80%</c>.</summary>
internal static class MetricText
{
    private const int Shown = 2;

    private const string Unknown = "<unknown>";

    public static string Targets(JsonObject obj)
    {
        var current = obj.ObjectsAt("status", "currentMetrics").ToList();
        var metrics = obj.ObjectsAt("spec", "metrics").Select((metric, index) => Target(metric, current.ElementAtOrDefault(index))).ToList();
        if (metrics.Count == 0)
        {
            return Cell.None;
        }

        var text = string.Join(", ", metrics.Take(Shown));
        return metrics.Count > Shown ? $"{text} + {metrics.Count - Shown} more..." : text;
    }

    private static string Target(JsonObject metric, JsonObject? current)
    {
        // Each type of metric has its fields under its own name in lower camel case.
        var type = metric.StringAt("type") ?? "";
        var field = type.Length == 0 ? "" : char.ToLowerInvariant(type[0]) + type[1..];
        var target = metric.ObjectAt(field, "target");
        var value = current.ObjectAt(field, "current");
        var average = FieldPath.Text(target?["averageValue"]);
        return type switch
        {
            "Resource" or "ContainerResource" => $"{metric.StringAt(field, "name")}: " + (average.Length > 0
                ? $"{Text(value?["averageValue"])}/{average}"
                : $"{Percent(value, Unknown)}/{Percent(target, "<auto>")}"),
            "Pods" => $"{Text(value?["averageValue"])}/{average}",
            "Object" or "External" when average.Length > 0 => $"{Text(value?["averageValue"])}/{average} (avg)",
            "Object" or "External" => $"{Text(value?["value"])}/{FieldPath.Text(target?["value"])}",
            _ => "<unknown type>",
        };
    }

    private static string Percent(JsonObject? holder, string absent) => holder.IntegerAt("averageUtilization") is { } percent ? $"{percent}%" : absent;

    private static string Text(JsonNode? value) => FieldPath.Text(value) is { Length: > 0 } text ? text : Unknown;
}
