using System.Text.Json;
using System.Text.Json.Nodes;

using MiniKube.Api.Schema;

namespace MiniKube.Api.Serialization;

/// <summary>
/// Writes objects as Go writes upstream's structs: fields in the order of the type, empty ones left out or written as the type says, keys of
/// maps sorted. Fields that the type does not have follow in the order of the object. A hot path: one lookup a field, nothing is copied.
/// </summary>
internal static class CanonicalWriter
{
    public static void WriteObject(Utf8JsonWriter writer, JsonObject obj, ObjectType type)
    {
        writer.WriteStartObject();
        var known = 0;
        foreach (var field in type.OrderedFields)
        {
            if (obj.TryGetPropertyValue(field.Name, out var value))
            {
                known++;
            }

            WriteField(writer, field, value, type);
        }

        if (known < obj.Count)
        {
            WriteUnknownFields(writer, obj, type);
        }

        writer.WriteEndObject();
    }

    /// <summary>Writes a value that has no known type.</summary>
    public static void WriteAny(Utf8JsonWriter writer, JsonNode? value, bool sortKeys)
    {
        switch (value)
        {
            case JsonObject obj:
                writer.WriteStartObject();
                foreach (var (name, member) in sortKeys ? Sorted(obj) : obj)
                {
                    writer.WritePropertyName(name);
                    WriteAny(writer, member, sortKeys);
                }

                writer.WriteEndObject();
                break;
            case JsonArray array:
                writer.WriteStartArray();
                foreach (var item in array)
                {
                    WriteAny(writer, item, sortKeys);
                }

                writer.WriteEndArray();
                break;
            case JsonValue scalar:
                WriteScalar(writer, scalar);
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }

    private static void WriteField(Utf8JsonWriter writer, FieldType field, JsonNode? value, ObjectType owner)
    {
        if (value is null)
        {
            if (field.WrittenWhenEmpty)
            {
                writer.WritePropertyName(field.EncodedName);
                WriteZero(writer, field, owner);
            }
        }
        else if (field.IsPointer || field.WrittenWhenEmpty || !Emptiness.IsEmpty(value))
        {
            writer.WritePropertyName(field.EncodedName);
            WriteValue(writer, value, field.Type);
        }
    }

    private static void WriteValue(Utf8JsonWriter writer, JsonNode? value, TypeRef type)
    {
        switch (value)
        {
            case JsonObject obj when type.IsVerbatim:
                // What was stored and is stored again: not taken apart.
                obj.WriteTo(writer);
                break;
            case JsonObject obj when type.Object is { } fields:
                WriteObject(writer, obj, type.Kind == ValueKind.Object ? fields : fields.Fields["schema"].Type.Object ?? fields);
                break;
            case JsonObject obj when type is { Kind: ValueKind.Map, Element: { } element }:
                WriteMap(writer, obj, element);
                break;
            case JsonArray array when type.Kind == ValueKind.SchemaOrArray && type.Object is { } union:
                WriteValue(writer, array, union.Fields["jSONSchemas"].Type);
                break;
            case JsonArray array when type.Element is { } element:
                writer.WriteStartArray();
                foreach (var item in array)
                {
                    WriteValue(writer, item, element);
                }

                writer.WriteEndArray();
                break;
            default:
                WriteAny(writer, value, sortKeys: false);
                break;
        }
    }

    private static void WriteMap(Utf8JsonWriter writer, JsonObject map, TypeRef element)
    {
        writer.WriteStartObject();
        foreach (var (key, value) in Sorted(map))
        {
            writer.WritePropertyName(key);
            WriteValue(writer, value, element);
        }

        writer.WriteEndObject();
    }

    private static void WriteZero(Utf8JsonWriter writer, FieldType field, ObjectType owner)
    {
        if (field.IsPointer)
        {
            writer.WriteNullValue();
        }
        else if (field.Type is { Kind: ValueKind.Object, Object: { } fields })
        {
            WriteObject(writer, [], fields);
        }
        else if (field.Type.Kind == ValueKind.List && field.Name == "items" && owner.IsKind)
        {
            // Go's nil lists are null, but upstream makes those of its answers empty.
            writer.WriteStartArray();
            writer.WriteEndArray();
        }
        else
        {
            WriteAny(writer, Emptiness.Zero(field.Type), sortKeys: false);
        }
    }

    private static void WriteUnknownFields(Utf8JsonWriter writer, JsonObject obj, ObjectType type)
    {
        foreach (var (name, value) in obj)
        {
            if (type.Find(name) is null)
            {
                writer.WritePropertyName(name);
                WriteAny(writer, value, sortKeys: true);
            }
        }
    }

    private static void WriteScalar(Utf8JsonWriter writer, JsonValue value)
    {
        if (value.TryGetValue<double>(out var real) && !value.TryGetValue<long>(out _))
        {
            writer.WriteRawValue(GoFloat.Format(real), skipInputValidation: true);
        }
        else
        {
            value.WriteTo(writer);
        }
    }

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Sorted(JsonObject obj)
    {
        var previous = "";
        foreach (var (key, _) in obj)
        {
            if (string.CompareOrdinal(previous, key) > 0)
            {
                return obj.OrderBy(pair => pair.Key, StringComparer.Ordinal);
            }

            previous = key;
        }

        return obj;
    }
}
