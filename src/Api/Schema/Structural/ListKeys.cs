using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;

namespace MiniKube.Api.Schema.Structural;

/// <summary>How items of sets and maps are told apart, and the check that each is there once.</summary>
public static class ListKeys
{
    /// <summary>Every item of a set or a map that stands in its list a second time, anywhere in the value.</summary>
    public static IEnumerable<FieldError> Validate(JsonNode? value, StructuralSchema schema, string path)
    {
        switch (value)
        {
            case JsonObject obj:
                foreach (var (name, member) in obj)
                {
                    if (schema.Properties.GetValueOrDefault(name) is { } property)
                    {
                        foreach (var error in Validate(member, property, path.Length == 0 ? name : $"{path}.{name}"))
                        {
                            yield return error;
                        }
                    }
                    else if (schema.AdditionalProperties is { } additional)
                    {
                        foreach (var error in Validate(member, additional, $"{path}[{name}]"))
                        {
                            yield return error;
                        }
                    }
                }

                break;
            case JsonArray array when schema.Items is { } items:
                foreach (var error in Duplicates(array, schema, path).Concat(array.SelectMany((item, index) => Validate(item, items, $"{path}[{index}]"))))
                {
                    yield return error;
                }

                break;
        }
    }

    /// <summary>What tells an item of a map from others, as text; null for what is no such item.</summary>
    internal static string? Of(JsonNode? item, StructuralSchema list) => item is JsonObject obj ? Canonical(KeysOf(obj, list)) : null;

    internal static Dictionary<string, JsonNode?> Index(JsonArray list, StructuralSchema schema)
    {
        var index = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach (var item in list)
        {
            if (Of(item, schema) is { } key)
            {
                index.TryAdd(key, item);
            }
        }

        return index;
    }

    internal static bool HasDuplicates(JsonArray array)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return array.Any(item => !seen.Add(Canonical(item)));
    }

    private static IEnumerable<FieldError> Duplicates(JsonArray array, StructuralSchema schema, string path)
    {
        if (schema.ListType is not (ListType.Set or ListType.Map))
        {
            yield break;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < array.Count; i++)
        {
            var shown = schema.ListType == ListType.Set ? array[i] : array[i] is JsonObject item ? KeysOf(item, schema) : null;
            if (shown is not null && !seen.Add(Canonical(shown)))
            {
                yield return FieldError.Duplicate($"{path}[{i}]", shown);
            }
        }
    }

    private static JsonObject KeysOf(JsonObject item, StructuralSchema list)
    {
        var keys = new JsonObject();
        foreach (var key in list.ListMapKeys.Order(StringComparer.Ordinal))
        {
            if ((item[key] ?? list.Items?.Properties.GetValueOrDefault(key)?.Default) is { } value)
            {
                keys[key] = value.DeepClone();
            }
        }

        return keys;
    }

    // Equal values have equal texts: keys sorted.
    private static string Canonical(JsonNode? value) => value is JsonObject obj
        ? System.Text.Encoding.UTF8.GetString(JsonCodec.Write(obj, null))
        : System.Text.Encoding.UTF8.GetString(JsonCodec.WriteValue(value));
}
