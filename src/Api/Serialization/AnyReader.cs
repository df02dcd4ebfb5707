using System.Text.Json;
using System.Text.Json.Nodes;

namespace MiniKube.Api.Serialization;

/// <summary>Reads JSON that has no known type. Whole numbers become <see cref="long"/>, others <see cref="double"/>; of duplicate keys the last counts.</summary>
internal static class AnyReader
{
    /// <summary>Reads the value at the reader's token and leaves the reader at its last token. Duplicates are reported to the stack, if there is one.</summary>
    public static JsonNode? Read(ref Utf8JsonReader reader, FieldStack? stack) => reader.TokenType switch
    {
        JsonTokenType.StartObject => ReadObject(ref reader, stack),
        JsonTokenType.StartArray => ReadArray(ref reader, stack),
        JsonTokenType.String => JsonValue.Create(reader.GetString()),
        JsonTokenType.Number => reader.TryGetInt64(out var number) ? JsonValue.Create(number) : ReadDouble(ref reader),
        JsonTokenType.True => JsonValue.Create(true),
        JsonTokenType.False => JsonValue.Create(false),
        _ => null,
    };

    private static JsonValue ReadDouble(ref Utf8JsonReader reader)
    {
        var number = reader.GetDouble();
        return double.IsFinite(number)
            ? JsonValue.Create(number)
            : throw new DecodeException(
                $"json: cannot unmarshal number {System.Text.Encoding.UTF8.GetString(reader.ValueSpan)} into Go value of type float64");
    }

    private static JsonObject ReadObject(ref Utf8JsonReader reader, FieldStack? stack)
    {
        var result = new JsonObject();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = reader.GetString() ?? "";
            reader.Read();
            if (result.ContainsKey(name))
            {
                stack?.DuplicateField(name);
            }

            stack?.PushKey(name);
            result[name] = Read(ref reader, stack);
            stack?.Pop();
        }

        return result;
    }

    private static JsonArray ReadArray(ref Utf8JsonReader reader, FieldStack? stack)
    {
        var result = new JsonArray();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            stack?.PushIndex(result.Count);
            result.Add(Read(ref reader, stack));
            stack?.Pop();
        }

        return result;
    }
}
