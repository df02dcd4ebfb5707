using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Endpoints.Subresources;

/// <summary>Writes a condition of a pod: one a type; its time is that of the last change of its status, its generation that of the spec it is about.</summary>
internal static class PodConditions
{
    public static void Set(JsonObject pod, string type, string status, DateTimeOffset now, string reason = "", string message = "")
    {
        var podStatus = pod.GetOrAddObject("status");
        if (podStatus["conditions"] is not JsonArray conditions)
        {
            podStatus["conditions"] = conditions = [];
        }

        var condition = conditions.OfType<JsonObject>().FirstOrDefault(known => known.StringAt("type") == type);
        if (condition is null)
        {
            condition = new JsonObject { ["type"] = type };
            conditions.Add((JsonNode)condition);
        }

        if (condition.StringAt("status") != status)
        {
            condition["lastTransitionTime"] = ObjectMetadata.Timestamp(now);
        }

        condition["status"] = status;
        condition["observedGeneration"] = pod.IntegerAt("metadata", "generation");
        SetOrRemove(condition, "reason", reason);
        SetOrRemove(condition, "message", message);
    }

    private static void SetOrRemove(JsonObject condition, string field, string value)
    {
        condition.Remove(field);
        if (value.Length > 0)
        {
            condition[field] = value;
        }
    }
}
