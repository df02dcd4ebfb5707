using System.Text.Json.Nodes;

using k8s;
using k8s.Models;

namespace MiniKube.Kubelet.Status;

/// <summary>
/// The strategic merge patch from one status to another. Only what differs is in it: the scheduler and others write conditions of their own,
/// which a merge by type leaves alone.
/// </summary>
internal static class StatusPatch
{
    private static readonly string[] Replaced = ["podIPs", "hostIPs"];

    /// <summary>Null when there is nothing to change. The uid makes the server refuse the patch if the pod has been replaced by another.</summary>
    public static string? Create(string? uid, V1PodStatus? from, V1PodStatus to)
    {
        var before = ToJson(from);
        var after = ToJson(to);
        var status = new JsonObject();
        foreach (var (name, value) in after)
        {
            if (name == "conditions")
            {
                AddConditions(status, before[name] as JsonArray, value as JsonArray);
            }
            else if (!JsonNode.DeepEquals(before[name], value))
            {
                status[name] = Replace(name, before[name], value);
            }
        }

        foreach (var name in before.Select(field => field.Key).Where(name => Clearable(name) && !after.ContainsKey(name)))
        {
            status[name] = null;
        }

        return status.Count == 0 ? null
            : new JsonObject { ["metadata"] = new JsonObject { ["uid"] = uid }, ["status"] = status }.ToJsonString();
    }

    // What others write, such as nominatedNodeName, stays.
    private static bool Clearable(string name) => name is "podIP" or "podIPs" or "reason" or "message";

    private static JsonNode? Replace(string name, JsonNode? before, JsonNode? after)
    {
        var copy = after?.DeepClone();
        if (before is JsonArray && copy is JsonArray list && Replaced.Contains(name))
        {
            // These lists merge by address: without this the old address would stay.
            list.Insert(0, new JsonObject { ["$patch"] = "replace" });
        }

        return copy;
    }

    private static void AddConditions(JsonObject status, JsonArray? before, JsonArray? after)
    {
        var changed = new JsonArray();
        foreach (var condition in (after ?? []).OfType<JsonObject>())
        {
            var type = (string?)condition["type"];
            var old = before?.OfType<JsonObject>().FirstOrDefault(candidate => (string?)candidate["type"] == type);
            if (JsonNode.DeepEquals(old, condition))
            {
                continue;
            }

            var patch = condition.DeepClone().AsObject();
            foreach (var name in (old ?? []).Select(field => field.Key).Where(name => !condition.ContainsKey(name)))
            {
                patch[name] = null;
            }

            changed.Add((JsonNode)patch);
        }

        // Who else has conditions here writes them to the same list: only our own that have passed are taken away.
        foreach (var type in (before ?? []).OfType<JsonObject>().Select(condition => (string?)condition["type"]).Where(PodConditions.IsPassing)
            .Except((after ?? []).OfType<JsonObject>().Select(condition => (string?)condition["type"])))
        {
            changed.Add((JsonNode)new JsonObject { ["$patch"] = "delete", ["type"] = type });
        }

        if (changed.Count > 0)
        {
            status["conditions"] = changed;
        }
    }

    private static JsonObject ToJson(V1PodStatus? status)
    {
        var json = status is null ? [] : JsonNode.Parse(KubernetesJson.Serialize(status))?.AsObject() ?? [];
        Canonicalize(json);
        return json;
    }

    /// <summary>The server writes some fields even when they are empty and leaves out others: neither is a difference.</summary>
    private static void Canonicalize(JsonObject json)
    {
        foreach (var (name, value) in json.ToList())
        {
            switch (value)
            {
                case null:
                case JsonObject { Count: 0 } when name is not "state" and not "lastState":
                    json.Remove(name);
                    break;
                case JsonObject child:
                    Canonicalize(child);
                    break;
                case JsonArray list:
                    foreach (var item in list.OfType<JsonObject>())
                    {
                        Canonicalize(item);
                    }

                    break;
            }
        }
    }
}
