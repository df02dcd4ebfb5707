using System.Text.Json;
using System.Text.Json.Nodes;

using MiniKube.Api.Schema;

namespace MiniKube.Api.Serialization.Protobuf;

/// <summary>
/// Makes the JSON of a type's protobuf message. Upstream writes fields that are no pointers even when they are empty; here such a field is absent,
/// as it would be in JSON.
/// </summary>
internal sealed class MessageReader
{
    private int _depth;

    public void ReadInto(JsonObject target, ReadOnlySpan<byte> message, ObjectType type)
    {
        if (++_depth > JsonCodec.MaxDepth)
        {
            throw new DecodeException("exceeded max depth");
        }

        var fields = type.ByNumber;
        var reader = new WireReader(message);
        while (reader.TryReadTag())
        {
            if (reader.FieldNumber < fields.Length && fields[reader.FieldNumber] is { } field)
            {
                ReadField(ref reader, field, target);
            }
            else
            {
                reader.Skip();
            }
        }

        _depth--;
    }

    private void ReadField(ref WireReader reader, FieldType field, JsonObject target)
    {
        if (field.IsInline)
        {
            reader.Expect(WireType.LengthDelimited, field.Type.GoName);
            ReadInto(target, reader.ReadBytes(), ObjectOf(field.Type));
            return;
        }

        switch (field.Type)
        {
            case { Kind: ValueKind.List, IsWrappedList: false, Element: { } element }:
                ReadItem(ref reader, field, element, GetOrAdd(target, field.Name, static () => new JsonArray()));
                break;
            case { Kind: ValueKind.Map, Element: { } element }:
                reader.Expect(WireType.LengthDelimited, field.Name);
                ReadEntry(reader.ReadBytes(), element, GetOrAdd(target, field.Name, static () => new JsonObject()));
                break;
            default:
                var value = ReadValue(ref reader, field.Type, field.Name, target[field.Name] as JsonObject);
                if (value is null || (!field.IsPointer && IsZero(value, field.Type)))
                {
                    target.Remove(field.Name);
                }
                else if (!ReferenceEquals(value, target[field.Name]))
                {
                    target[field.Name] = value;
                }

                break;
        }
    }

    // An empty string is no zero IntOrString: that is a number.
    private static bool IsZero(JsonNode value, TypeRef type) =>
        Emptiness.IsEmpty(value) && (type.Kind != ValueKind.IntOrString || value.GetValueKind() == JsonValueKind.Number);

    private static T GetOrAdd<T>(JsonObject target, string name, Func<T> create)
        where T : JsonNode
    {
        if (target[name] is T existing)
        {
            return existing;
        }

        var created = create();
        target[name] = created;
        return created;
    }

    private void ReadItem(ref WireReader reader, FieldType field, TypeRef element, JsonArray list)
    {
        // Numbers may come packed into one field.
        if (element.Kind is ValueKind.Integer or ValueKind.Boolean && reader.WireType == WireType.LengthDelimited)
        {
            for (var packed = new PackedReader(reader.ReadBytes()); packed.TryRead(out var number);)
            {
                list.Add(ProtobufScalars.FromVarint(number, element));
            }

            return;
        }

        list.Add(ReadValue(ref reader, element, field.Name, merged: null));
    }

    private void ReadEntry(ReadOnlySpan<byte> entry, TypeRef element, JsonObject map)
    {
        var key = "";
        JsonNode? value = null;
        var reader = new WireReader(entry);
        while (reader.TryReadTag())
        {
            switch (reader.FieldNumber)
            {
                case 1:
                    reader.Expect(WireType.LengthDelimited, "key");
                    key = reader.ReadString();
                    break;
                case 2:
                    value = ReadValue(ref reader, element, "value", merged: null);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        map[key] = value ?? (element.Kind == ValueKind.Bytes ? JsonValue.Create("") : Emptiness.Zero(element));
    }

    // An embedded message that comes twice is merged, as protobuf says.
    private JsonNode? ReadValue(ref WireReader reader, TypeRef type, string name, JsonObject? merged)
    {
        if (type.Kind is ValueKind.Boolean or ValueKind.Integer)
        {
            reader.Expect(WireType.Varint, name);
            return ProtobufScalars.FromVarint(reader.ReadVarint(), type);
        }

        if (type.Kind == ValueKind.Float)
        {
            reader.Expect(WireType.Fixed64, name);
            return ProtobufScalars.FromDouble(reader.ReadDouble());
        }

        reader.Expect(WireType.LengthDelimited, name);
        var bytes = reader.ReadBytes();
        switch (type.Kind)
        {
            case ValueKind.Object:
                var target = merged ?? [];
                ReadInto(target, bytes, ObjectOf(type));
                return target;
            case ValueKind.List:
                return ReadWrappedList(bytes);
            case ValueKind.SchemaOrArray or ValueKind.SchemaOrBool or ValueKind.SchemaOrStringArray:
                return ReadUnion(bytes, type);
            case ValueKind.Any:
                return ReadAny(bytes);
            default:
                return ProtobufScalars.Read(bytes, type.Kind);
        }
    }

    private static JsonArray ReadWrappedList(ReadOnlySpan<byte> message)
    {
        var list = new JsonArray();
        var reader = new WireReader(message);
        while (reader.TryReadTag())
        {
            if (reader.FieldNumber == 1 && reader.WireType == WireType.LengthDelimited)
            {
                list.Add(JsonValue.Create(reader.ReadString()));
            }
            else
            {
                reader.Skip();
            }
        }

        return list;
    }

    private JsonNode? ReadUnion(ReadOnlySpan<byte> message, TypeRef type)
    {
        var fields = new JsonObject();
        ReadInto(fields, message, ObjectOf(type));
        var chosen = fields["schema"] ?? fields["jSONSchemas"] ?? fields["property"];
        if (chosen is not null)
        {
            fields.Clear();
            return chosen;
        }

        return type.Kind == ValueKind.SchemaOrBool ? JsonValue.Create(fields.BooleanAt("allows") ?? false) : null;
    }

    private JsonNode? ReadAny(ReadOnlySpan<byte> message)
    {
        var raw = ReadOnlySpan<byte>.Empty;
        var reader = new WireReader(message);
        while (reader.TryReadTag())
        {
            if (reader.FieldNumber == 1 && reader.WireType == WireType.LengthDelimited)
            {
                raw = reader.ReadBytes();
            }
            else
            {
                reader.Skip();
            }
        }

        return raw.IsEmpty ? null
            : raw.StartsWith(ProtobufCodec.Magic) ? ProtobufCodec.Decode(raw, expected: null, this)
            : JsonCodec.ParseValue(raw);
    }

    private static ObjectType ObjectOf(TypeRef type) =>
        type.Object ?? throw new InvalidOperationException($"{type} has no fields.");
}
