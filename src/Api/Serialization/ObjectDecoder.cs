using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;

using MiniKube.Api.Schema;
using MiniKube.Api.Schema.Structural;

namespace MiniKube.Api.Serialization;

/// <summary>
/// Reads the JSON of an object of known type, in one pass and in proportion to its length: checks every value's type and range, drops fields
/// that the type does not have, nulls and what Go would not write because it is empty, and brings quantities, times and durations into
/// their canonical form. Throws <see cref="DecodeException"/>.
/// </summary>
public sealed class ObjectDecoder
{
    private readonly FieldStack _stack = new();

    private ObjectDecoder()
    {
    }

    public static DecodedObject Decode(ReadOnlySpan<byte> utf8Json, ObjectType type)
    {
        if (type.Schema is { } schema)
        {
            return Prune(JsonCodec.ParseStrict(utf8Json), schema);
        }

        var decoder = new ObjectDecoder();
        return JsonCodec.WithReader(utf8Json, (ref Utf8JsonReader reader) =>
            new DecodedObject(decoder.ReadObject(ref reader, type), decoder._stack.StrictErrors));
    }

    /// <summary>Checks and normalizes an object that is at hand already, such as the result of a patch. The given object is not changed.</summary>
    public static DecodedObject Decode(JsonObject obj, ObjectType type)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer, JsonCodec.WriterOptions))
        {
            obj.WriteTo(writer);
        }

        return Decode(buffer.WrittenSpan, type);
    }

    // Types are the validator's affair there: its message says more.
    private static DecodedObject Prune(DecodedObject parsed, StructuralSchema schema)
    {
        var unknown = Pruner.Prune(parsed.Object, schema);
        return parsed with { StrictErrors = [.. parsed.StrictErrors, .. unknown.Select(path => $"unknown field \"{path}\"")] };
    }

    private JsonNode? ReadValue(ref Utf8JsonReader reader, TypeRef type) => type.Kind switch
    {
        ValueKind.Any => AnyReader.Read(ref reader, stack: null),
        _ when reader.TokenType == JsonTokenType.Null => null,
        ValueKind.Object => ReadObject(ref reader, type),
        ValueKind.List => ReadList(ref reader, type),
        ValueKind.Map => ReadMap(ref reader, type),
        ValueKind.SchemaOrArray or ValueKind.SchemaOrBool or ValueKind.SchemaOrStringArray => ReadUnion(ref reader, type),
        _ => ScalarReader.Read(ref reader, type, _stack),
    };

    private JsonObject ReadObject(ref Utf8JsonReader reader, TypeRef type) =>
        type.Object is { } fields && reader.TokenType == JsonTokenType.StartObject
            ? ReadObject(ref reader, fields)
            : throw _stack.Mismatch(ScalarReader.Given(ref reader), type.GoName);

    private JsonObject ReadObject(ref Utf8JsonReader reader, ObjectType type)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw _stack.Mismatch(ScalarReader.Given(ref reader), type.GoName);
        }

        var result = new JsonObject();
        HashSet<string>? dropped = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var field = FindField(ref reader, type);
            if (field is null)
            {
                ReadUnknown(ref reader, type, result);
                continue;
            }

            if (result.ContainsKey(field.Name) || dropped?.Contains(field.Name) == true)
            {
                _stack.DuplicateField(field.Name);
                result.Remove(field.Name);
            }

            reader.Read();
            _stack.PushField(field.Name, type.Name);
            var value = ReadValue(ref reader, field.Type);
            _stack.Pop();
            if (value is null || (!field.IsPointer && !field.WrittenWhenEmpty && !field.IsReadWhenEmpty && Emptiness.IsEmpty(value)))
            {
                (dropped ??= []).Add(field.Name);
            }
            else
            {
                result.Add(field.Name, value);
            }
        }

        return result;
    }

    [SkipLocalsInit]
    private static FieldType? FindField(ref Utf8JsonReader reader, ObjectType type)
    {
        const int longestName = 128;
        if (reader.ValueSpan.Length > longestName)
        {
            return null;
        }

        Span<char> name = stackalloc char[longestName];
        return type.Find(name[..reader.CopyString(name)]);
    }

    private void ReadUnknown(ref Utf8JsonReader reader, ObjectType type, JsonObject result)
    {
        var name = reader.GetString() ?? "";
        if (!type.PreservesUnknownFields)
        {
            _stack.UnknownField(name);
            reader.Skip();
            return;
        }

        if (result.ContainsKey(name))
        {
            _stack.DuplicateField(name);
        }

        reader.Read();
        _stack.PushKey(name);
        result[name] = AnyReader.Read(ref reader, _stack);
        _stack.Pop();
    }

    private JsonArray ReadList(ref Utf8JsonReader reader, TypeRef type)
    {
        if (reader.TokenType != JsonTokenType.StartArray || type.Element is not { } element)
        {
            throw _stack.Mismatch(ScalarReader.Given(ref reader), type.GoName);
        }

        var result = new JsonArray();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            _stack.PushIndex(result.Count);
            result.Add(ReadValue(ref reader, element) ?? Emptiness.Zero(element));
            _stack.Pop();
        }

        return result;
    }

    private JsonObject ReadMap(ref Utf8JsonReader reader, TypeRef type)
    {
        if (reader.TokenType != JsonTokenType.StartObject || type.Element is not { } element)
        {
            throw _stack.Mismatch(ScalarReader.Given(ref reader), type.GoName);
        }

        var result = new JsonObject();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var key = reader.GetString() ?? "";
            if (result.ContainsKey(key))
            {
                _stack.DuplicateField(key);
            }

            reader.Read();
            _stack.PushKey(key);
            result[key] = ReadValue(ref reader, element) ?? Emptiness.Zero(element);
            _stack.Pop();
        }

        return result;
    }

    // Upstream reads these with decoders of their own, which report no unknown fields.
    private JsonNode? ReadUnion(ref Utf8JsonReader reader, TypeRef type)
    {
        var schema = type.Object?.Fields["schema"].Type.Object
            ?? throw new InvalidOperationException($"{type.GoName} has no schema.");
        _stack.Suppress();
        try
        {
            return (type.Kind, reader.TokenType) switch
            {
                (_, JsonTokenType.StartObject) => ReadObject(ref reader, schema),
                (ValueKind.SchemaOrArray, JsonTokenType.StartArray) => ReadList(ref reader, type.Object.Fields["jSONSchemas"].Type),
                (ValueKind.SchemaOrStringArray, JsonTokenType.StartArray) => ReadList(ref reader, type.Object.Fields["property"].Type),
                (ValueKind.SchemaOrBool, JsonTokenType.True or JsonTokenType.False) => JsonValue.Create(reader.GetBoolean()),
                (ValueKind.SchemaOrBool, _) => throw new DecodeException("boolean or JSON schema expected"),
                _ => throw _stack.Mismatch(ScalarReader.Given(ref reader), type.GoName),
            };
        }
        finally
        {
            _stack.Resume();
        }
    }
}
