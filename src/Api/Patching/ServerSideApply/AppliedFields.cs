using System.Text.Json.Nodes;

namespace MiniKube.Api.Patching.ServerSideApply;

/// <summary>The fields that an object sets (structured-merge-diff's ToFieldSet): what its author owns when it is applied.</summary>
internal static class AppliedFields
{
    public static FieldSet Of(JsonObject obj, FieldSchema schema) => OfMap(obj, schema) ?? FieldSet.Empty;

    private static FieldSet? OfMap(JsonObject map, FieldSchema schema)
    {
        var builder = default(FieldSet.Builder);
        foreach (var (name, value) in map)
        {
            var field = schema.Object?.Find(name);
            var (isLeaf, below) = Read(value, schema.Below(name) ?? FieldSchema.Deduced);

            // A key of a map is owned besides what lies below it; a named field only as a value or when it is empty.
            var isMember = isLeaf || field is null || value is null or JsonObject { Count: 0 };
            builder.Add(field?.Element ?? FieldElement.Field(name), isMember, below);
        }

        return builder.Build();
    }

    private static FieldSet? OfList(JsonArray list, FieldSchema schema)
    {
        var builder = default(FieldSet.Builder);
        foreach (var (element, items) in KeyedItems.Read(list, schema, ObjectView.Literal).Groups)
        {
            builder.Add(element, true, items.Count == 1 ? Read(items[0], schema.Element).Below : null);
        }

        return builder.Build();
    }

    private static (bool IsLeaf, FieldSet? Below) Read(JsonNode? value, FieldSchema schema) => (schema.FormOf(value), value) switch
    {
        (FieldForm.Map, JsonObject map) => (false, OfMap(map, schema)),
        (FieldForm.List, JsonArray list) => (false, OfList(list, schema)),
        (FieldForm.Map or FieldForm.List, _) => (false, null),
        _ => (true, null),
    };
}
