using System.Text.Json.Nodes;

namespace MiniKube.Api.Patching.ServerSideApply;

/// <summary>Takes fields out of an object (structured-merge-diff's RemoveItems). A map or list that nothing is left of becomes null.</summary>
internal static class ItemRemoval
{
    /// <summary>Gives a copy without the fields.</summary>
    public static JsonObject Remove(JsonObject obj, FieldSet fields, FieldSchema schema) =>
        fields.IsEmpty ? (JsonObject)obj.DeepClone() : RemoveFrom(obj, fields, schema) as JsonObject ?? [];

    private static JsonNode? RemoveFrom(JsonNode? value, FieldSet fields, FieldSchema schema) => (schema.FormOf(value), value) switch
    {
        (FieldForm.Map, JsonObject map) => RemoveFromMap(map, fields, schema),
        (FieldForm.List, JsonArray list) => RemoveFromList(list, fields, schema),
        (FieldForm.Scalar or FieldForm.Any, _) => value?.DeepClone(),
        _ => null,
    };

    private static JsonObject? RemoveFromMap(JsonObject map, FieldSet fields, FieldSchema schema)
    {
        var left = new JsonObject();
        foreach (var (name, value) in map)
        {
            var element = schema.Object?.Find(name)?.Element ?? FieldElement.Field(name);
            if (!fields.Has(element))
            {
                left.Add(name, fields.Below(element) is { } below ? RemoveFrom(value, below, schema.Below(name) ?? FieldSchema.Deduced) : value?.DeepClone());
            }
        }

        return left.Count > 0 ? left : null;
    }

    private static JsonArray? RemoveFromList(JsonArray list, FieldSet fields, FieldSchema schema)
    {
        var left = new JsonArray();
        foreach (var item in list)
        {
            var element = schema.ElementOf(item, ObjectView.Literal);
            if (!fields.Has(element))
            {
                left.Add(fields.Below(element) is { } below ? RemoveFrom(item, below, schema.Element) : item?.DeepClone());
            }
        }

        return left.Count > 0 ? left : null;
    }
}
