using System.Text.Json.Nodes;

namespace MiniKube.Api.Serialization;

/// <summary>Short ways to read and default fields of an object held as JSON. A value of another type reads as absent: the decoder has checked types.</summary>
public static class JsonNodeExtensions
{
    /// <summary>The node at a path of field names; null where anything on the way is absent.</summary>
    public static JsonNode? At(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            node = (node as JsonObject)?[name];
        }

        return node;
    }

    public static string? StringAt(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <remarks>A node that code has made of an <see cref="int"/> is not a <see cref="long"/> to TryGetValue.</remarks>
    public static long? IntegerAt(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is not JsonValue value ? null
        : value.TryGetValue<long>(out var number) ? number
        : value.TryGetValue<int>(out var small) ? small
        : null;

    public static bool? BooleanAt(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonValue value && value.TryGetValue<bool>(out var truth) ? truth : null;

    public static JsonObject? ObjectAt(this JsonNode? node, params ReadOnlySpan<string> path) => node.At(path) as JsonObject;

    /// <summary>The objects of a list; empty when it is absent.</summary>
    public static IEnumerable<JsonObject> ObjectsAt(this JsonNode? node, params ReadOnlySpan<string> path) =>
        (node.At(path) as JsonArray)?.OfType<JsonObject>() ?? [];

    /// <summary>The object at a field, made empty first if it is absent or null.</summary>
    public static JsonObject GetOrAddObject(this JsonObject parent, string name)
    {
        if (parent[name] is JsonObject existing)
        {
            return existing;
        }

        var added = new JsonObject();
        parent[name] = added;
        return added;
    }

    /// <summary>Sets a field that is absent or null.</summary>
    public static void SetDefault(this JsonObject parent, string name, JsonNode value)
    {
        if (parent[name] is null)
        {
            parent[name] = value;
        }
    }
}
