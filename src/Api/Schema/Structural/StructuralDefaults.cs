using System.Text.Json.Nodes;

namespace MiniKube.Api.Schema.Structural;

/// <summary>Fills in a schema's defaults, as upstream does when a request or a stored object is read.</summary>
public static class StructuralDefaults
{
    /// <summary>Drops nulls that the schema does not allow (a default takes their place where there is one) and sets what is absent.</summary>
    public static void Apply(JsonNode? value, StructuralSchema schema)
    {
        switch (value)
        {
            case JsonObject obj:
                VisitObject(obj, schema);
                break;
            case JsonArray array when schema.Items is { } items:
                for (var i = 0; i < array.Count; i++)
                {
                    if (array[i] is null && !items.IsNullable && items.Default is { } filler)
                    {
                        array[i] = filler.DeepClone();
                    }

                    Apply(array[i], items);
                }

                break;
        }
    }

    private static void VisitObject(JsonObject obj, StructuralSchema schema)
    {
        List<string>? nulls = null;
        foreach (var (name, value) in obj)
        {
            if (value is null && schema.Find(name) is { IsNullable: false })
            {
                (nulls ??= []).Add(name);
            }
        }

        foreach (var name in nulls ?? [])
        {
            if (schema.Find(name)?.Default is { } value)
            {
                obj[name] = value.DeepClone();
            }
            else
            {
                obj.Remove(name);
            }
        }

        if (schema.HasDefaults)
        {
            foreach (var (name, property) in schema.Properties)
            {
                if (property.Default is { } value && !obj.ContainsKey(name))
                {
                    obj[name] = value.DeepClone();
                }
            }
        }

        foreach (var (name, value) in obj)
        {
            if (value is JsonObject or JsonArray && schema.Find(name) is { } child)
            {
                Apply(value, child);
            }
        }
    }
}
