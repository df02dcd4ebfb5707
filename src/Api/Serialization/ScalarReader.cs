using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

using MiniKube.Api.Quantities;
using MiniKube.Api.Schema;

namespace MiniKube.Api.Serialization;

/// <summary>Reads single values of a known type and brings them into the one form in which they are stored.</summary>
internal static class ScalarReader
{
    private static readonly SearchValues<char> Base64Characters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");

    public static JsonNode? Read(ref Utf8JsonReader reader, TypeRef type, FieldStack stack) => type.Kind switch
    {
        ValueKind.String when reader.TokenType == JsonTokenType.String => JsonValue.Create(reader.GetString()),
        ValueKind.Boolean when reader.TokenType is JsonTokenType.True or JsonTokenType.False => JsonValue.Create(reader.GetBoolean()),
        ValueKind.Integer when reader.TokenType == JsonTokenType.Number => JsonValue.Create(ReadInteger(ref reader, type, stack)),
        ValueKind.Float when reader.TokenType == JsonTokenType.Number => JsonValue.Create(ReadFloat(ref reader, type, stack)),
        ValueKind.Bytes when reader.TokenType == JsonTokenType.String => ReadBytes(ref reader),
        ValueKind.IntOrString => ReadIntOrString(ref reader),
        ValueKind.Quantity => ReadQuantity(ref reader),
        ValueKind.Time => ReadTime(ref reader, micros: false),
        ValueKind.MicroTime => ReadTime(ref reader, micros: true),
        ValueKind.Duration => ReadDuration(ref reader),
        _ => throw stack.Mismatch(Given(ref reader), type.GoName),
    };

    /// <summary>What Go's messages call the value at hand.</summary>
    public static string Given(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.StartObject => "object",
        JsonTokenType.StartArray => "array",
        JsonTokenType.String => "string",
        JsonTokenType.Number => "number",
        _ => "bool",
    };

    private static long ReadInteger(ref Utf8JsonReader reader, TypeRef type, FieldStack stack)
    {
        if (reader.TryGetInt64(out var number) && (type.Bits == 64 || number == (int)number))
        {
            return number;
        }

        throw stack.Mismatch($"number {Raw(ref reader)}", type.GoName);
    }

    private static double ReadFloat(ref Utf8JsonReader reader, TypeRef type, FieldStack stack)
    {
        var number = reader.GetDouble();
        return double.IsFinite(number) ? number : throw stack.Mismatch($"number {Raw(ref reader)}", type.GoName);
    }

    private static JsonValue? ReadBytes(ref Utf8JsonReader reader)
    {
        var text = reader.GetString() ?? "";
        if (!Base64.IsValid(text))
        {
            throw new DecodeException($"illegal base64 data at input byte {FirstIllegal(text)}");
        }

        // Go skips line breaks in base64 and writes none.
        return JsonValue.Create(text.AsSpan().ContainsAny(" \t\r\n") ? Convert.ToBase64String(Convert.FromBase64String(text)) : text);
    }

    private static int FirstIllegal(string text)
    {
        var illegal = text.AsSpan().IndexOfAnyExcept(Base64Characters);
        return illegal < 0 ? text.Length - (text.Length % 4) : illegal;
    }

    private static JsonValue ReadIntOrString(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return JsonValue.Create(reader.GetString() ?? "");
        }

        if (reader.TokenType != JsonTokenType.Number)
        {
            throw new DecodeException($"json: cannot unmarshal {Given(ref reader)} into Go value of type int32");
        }

        return reader.TryGetInt32(out var number)
            ? JsonValue.Create((long)number)
            : throw new DecodeException($"json: cannot unmarshal number {Raw(ref reader)} into Go value of type int32");
    }

    private static JsonValue ReadQuantity(ref Utf8JsonReader reader)
    {
        // What is neither a string nor a number is no quantity either: its raw text is refused.
        var text = reader.TokenType == JsonTokenType.String ? reader.GetString() ?? "" : Raw(ref reader);
        try
        {
            return JsonValue.Create(Quantity.Parse(text.Trim()).ToString());
        }
        catch (FormatException exception)
        {
            throw new DecodeException(exception.Message);
        }
    }

    // Go's zero time is written as null: it is no time at all.
    private static JsonValue? ReadTime(ref Utf8JsonReader reader, bool micros)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw new DecodeException($"json: cannot unmarshal {Given(ref reader)} into Go value of type string");
        }

        var text = reader.GetString() ?? "";
        if (!Timestamps.TryParse(text, out var time))
        {
            var layout = micros ? "2006-01-02T15:04:05.000000Z07:00" : "2006-01-02T15:04:05Z07:00";
            throw new DecodeException($"parsing time \"{text}\" as \"{layout}\": cannot parse \"{text}\" as \"2006\"");
        }

        if (time.UtcTicks == 0)
        {
            return null;
        }

        var isCanonical = !micros && text.Length == Timestamps.CanonicalLength;
        return JsonValue.Create(isCanonical ? text : micros ? Timestamps.FormatMicroTime(time) : Timestamps.FormatTime(time));
    }

    private static JsonValue ReadDuration(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw new DecodeException($"json: cannot unmarshal {Given(ref reader)} into Go value of type string");
        }

        var text = reader.GetString() ?? "";
        return GoDuration.TryParse(text, out var nanoseconds)
            ? JsonValue.Create(GoDuration.Format(nanoseconds))
            : throw new DecodeException($"time: invalid duration \"{text}\"");
    }

    private static string Raw(ref Utf8JsonReader reader) => Encoding.UTF8.GetString(reader.ValueSpan);
}
