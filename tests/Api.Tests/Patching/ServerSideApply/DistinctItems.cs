using System.Text.Json.Nodes;

using MiniKube.Api.Patching.ServerSideApply;
using MiniKube.Api.Serialization;

namespace MiniKube.Api.Tests.Patching.ServerSideApply;

/// <summary>Makes a random object one that can be applied: items of lists have their keys and come once, nothing is null or empty.</summary>
internal static class DistinctItems
{
    public static JsonObject Of(JsonObject obj, FieldSchema schema)
    {
        var clean = new JsonObject();
        foreach (var (name, value) in obj)
        {
            if (schema.Below(name) is { } below && Clean(value, below) is { } kept)
            {
                clean[name] = kept;
            }
        }

        return clean;
    }

    private static JsonNode? Clean(JsonNode? value, FieldSchema schema)
    {
        switch (value)
        {
            case JsonObject map when schema.Form is FieldForm.Map or FieldForm.AtomicMap:
                return Of(map, schema) is { Count: > 0 } kept ? kept : null;
            case JsonArray list:
                var items = list.Select(item => Clean(item, schema.Element)).Where(item => item is not null).ToList();
                if (schema.Form == FieldForm.List)
                {
                    items = [.. items.Where(item => HasElement(item, schema)).DistinctBy(item => schema.ElementOf(item, ObjectView.Literal).Encoded)];
                }

                return items.Count == 0 ? null : new JsonArray([.. items]);
            default:
                return Emptiness.IsEmpty(value) ? null : value?.DeepClone();
        }
    }

    private static bool HasElement(JsonNode? item, FieldSchema schema)
    {
        try
        {
            return schema.ElementOf(item, ObjectView.Literal) is not null;
        }
        catch (FieldSchemaException)
        {
            return false;
        }
    }
}
