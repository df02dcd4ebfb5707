using System.Text.Json.Nodes;

namespace MiniKube.Api.Patching.ServerSideApply;

/// <summary>Whether two values say the same, as far as the view lets them: 1 is 1.0, and an empty field that Go would not write is no field.</summary>
internal static class ValueEquality
{
    public static bool AreEqual(JsonNode? left, JsonNode? right, FieldSchema schema, ObjectView view) => (left, right) switch
    {
        (null, null) => true,
        (JsonObject one, JsonObject other) => AreMapsEqual(one, other, schema, view),
        (JsonArray one, JsonArray other) => AreListsEqual(one, other, schema.Element, view),
        (JsonValue, JsonValue) => Scalars.AreEqual(left, right),
        _ => false,
    };

    private static bool AreMapsEqual(JsonObject left, JsonObject right, FieldSchema schema, ObjectView view)
    {
        foreach (var name in view.Names(left, right, schema.Object))
        {
            var field = schema.Object?.Find(name);
            var isInLeft = view.TryGet(left, name, field, out var one);
            var isInRight = view.TryGet(right, name, field, out var other);
            if (isInLeft != isInRight || (isInLeft && !AreEqual(one, other, schema.Below(name) ?? FieldSchema.Deduced, view)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool AreListsEqual(JsonArray left, JsonArray right, FieldSchema schema, ObjectView view)
    {
        if (left.Count != right.Count)
        {
            return false;
        }

        for (var i = 0; i < left.Count; i++)
        {
            if (!AreEqual(left[i], right[i], schema, view))
            {
                return false;
            }
        }

        return true;
    }
}
