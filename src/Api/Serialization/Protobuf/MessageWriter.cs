using System.Text.Json.Nodes;

using MiniKube.Api.Schema;

namespace MiniKube.Api.Serialization.Protobuf;

/// <summary>
/// Writes the protobuf message of a type from its JSON, from the highest field number to the lowest. As upstream's generated code: what is no pointer is written even
/// when it is empty; nil lists, maps and bytes are not; keys of maps are sorted.
/// </summary>
internal static class MessageWriter
{
    public static void Write(WireWriter writer, JsonObject obj, ObjectType type)
    {
        var fields = type.ByNumber;
        for (var number = fields.Length - 1; number > 0; number--)
        {
            if (fields[number] is { } field)
            {
                WriteMember(writer, obj, field);
            }
        }
    }

    private static void WriteMember(WireWriter writer, JsonObject obj, FieldType field)
    {
        if (field.IsInline)
        {
            WriteMessage(writer, field.ProtobufNumber, obj, field.Type.Object);
        }
        else if (obj[field.Name] is { } value)
        {
            WriteField(writer, field.ProtobufNumber, value, field.Type);
        }
        else if (!field.IsPointer && field.Type.Kind is not (ValueKind.List or ValueKind.Map or ValueKind.Bytes))
        {
            WriteValue(writer, field.ProtobufNumber, value: null, field.Type);
        }
    }

    private static void WriteField(WireWriter writer, int number, JsonNode value, TypeRef type)
    {
        switch (value)
        {
            case JsonArray list when type is { Kind: ValueKind.List, IsWrappedList: false, Element: { } element }:
                for (var i = list.Count - 1; i >= 0; i--)
                {
                    WriteValue(writer, number, list[i], element);
                }

                break;
            case JsonObject map when type is { Kind: ValueKind.Map, Element: { } element }:
                foreach (var (key, item) in map.OrderByDescending(pair => pair.Key, StringComparer.Ordinal))
                {
                    var before = writer.Length;
                    if (item is not null)
                    {
                        WriteValue(writer, 2, item, element);
                    }

                    writer.String(1, key);
                    writer.Prefix(number, before);
                }

                break;
            default:
                WriteValue(writer, number, value, type);
                break;
        }
    }

    private static void WriteValue(WireWriter writer, int number, JsonNode? value, TypeRef type)
    {
        switch (type.Kind)
        {
            case ValueKind.String:
                writer.String(number, value is null ? "" : ProtobufScalars.Text(value));
                break;
            case ValueKind.Boolean:
                writer.Integer(number, value is not null && value.GetValue<bool>() ? 1 : 0);
                break;
            case ValueKind.Integer:
                writer.Integer(number, value is null ? 0 : ProtobufScalars.Integer(value));
                break;
            case ValueKind.Float:
                writer.Double(number, value is null ? 0 : ProtobufScalars.Float(value));
                break;
            case ValueKind.Bytes:
                writer.Bytes(number, value is null ? [] : Convert.FromBase64String(ProtobufScalars.Text(value)));
                break;
            case ValueKind.Object:
                WriteMessage(writer, number, value as JsonObject ?? [], type.Object);
                break;
            default:
                var before = writer.Length;
                WriteContent(writer, value, type);
                writer.Prefix(number, before);
                break;
        }
    }

    private static void WriteMessage(WireWriter writer, int number, JsonObject obj, ObjectType? type)
    {
        var before = writer.Length;
        Write(writer, obj, type ?? throw new InvalidOperationException("A message has no fields."));
        writer.Prefix(number, before);
    }

    private static void WriteContent(WireWriter writer, JsonNode? value, TypeRef type)
    {
        switch (type.Kind)
        {
            case ValueKind.List when value is JsonArray list:
                for (var i = list.Count - 1; i >= 0; i--)
                {
                    writer.String(1, list[i] is { } text ? ProtobufScalars.Text(text) : "");
                }

                break;
            case ValueKind.SchemaOrArray or ValueKind.SchemaOrBool or ValueKind.SchemaOrStringArray when type.Object is { } union:
                Write(writer, UnionOf(value, type.Kind), union);
                break;
            default:
                ProtobufScalars.Write(writer, value, type.Kind);
                break;
        }
    }

    private static JsonObject UnionOf(JsonNode? value, ValueKind kind) => value switch
    {
        JsonObject schema => new JsonObject { ["allows"] = true, ["schema"] = schema.DeepClone() },
        JsonArray list => new JsonObject { [kind == ValueKind.SchemaOrArray ? "jSONSchemas" : "property"] = list.DeepClone() },
        JsonValue allows => new JsonObject { ["allows"] = allows.DeepClone() },
        _ => [],
    };
}
