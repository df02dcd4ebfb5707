using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Resources.Core;

/// <summary>What tables show of an event, be it written as core/v1 or as events.k8s.io/v1: newer ones have an eventTime and a series instead of the old times.</summary>
internal static class EventColumns
{
    public static Func<DateTimeOffset, string> FirstSeen(JsonObject obj) => Ages.Since(obj.StringAt("firstTimestamp") ?? obj.StringAt("eventTime"));

    public static Func<DateTimeOffset, string> LastSeen(JsonObject obj) => Ages.Since(
        obj.StringAt("series", "lastObservedTime") ?? obj.StringAt("lastTimestamp") ?? obj.StringAt("firstTimestamp") ?? obj.StringAt("eventTime"));

    public static long Count(JsonObject obj) => obj.IntegerAt("series", "count") ?? obj.IntegerAt("count") ?? 1;

    public static string Object(JsonObject obj)
    {
        var kind = (obj.StringAt("involvedObject", "kind") ?? "").ToLowerInvariant();
        var name = obj.StringAt("involvedObject", "name") ?? "";
        return name.Length == 0 ? kind : $"{kind}/{name}";
    }

    public static string Source(JsonObject obj)
    {
        var component = obj.StringAt("source", "component") is { Length: > 0 } old ? old : obj.StringAt("reportingComponent") ?? "";
        var instance = obj.StringAt("source", "host") is { Length: > 0 } host ? host : obj.StringAt("reportingInstance") ?? "";
        return instance.Length == 0 ? component : $"{component}, {instance}";
    }
}
