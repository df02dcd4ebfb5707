using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;

using MiniKube.Api.Schema;

namespace MiniKube.Api.Serialization;

/// <summary>Between JSON text and nodes. Reading takes time and memory in proportion to the text; errors are <see cref="DecodeException"/>s in Go's words.</summary>
public static class JsonCodec
{
    /// <summary>How deep objects and lists may nest. Upstream takes 10,000, more than a stack of .NET holds; no API type needs 100.</summary>
    public const int MaxDepth = 500;

    private const int FirstBuffer = 8 * 1024;
    private const int LargestKeptBuffer = 64 * 1024;

    // Every write of an object needs one (benchmark: load, creates).
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    private static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = MaxDepth };

    internal static JsonWriterOptions WriterOptions { get; } = new()
    {
        Encoder = GoJsonEncoder.Instance,
        MaxDepth = MaxDepth + 100,
        SkipValidation = true,
    };

    /// <summary>Reads an object that has no known type. Of duplicate keys the last counts.</summary>
    public static JsonObject Parse(ReadOnlySpan<byte> utf8Json) => ParseStrict(utf8Json).Object;

    /// <summary>Reads an object that has no known type and reports duplicate keys with their path.</summary>
    public static DecodedObject ParseStrict(ReadOnlySpan<byte> utf8Json)
    {
        var stack = new FieldStack();
        return WithReader(utf8Json, (ref Utf8JsonReader reader) =>
        {
            var given = ScalarReader.Given(ref reader);
            return new DecodedObject(
                AnyReader.Read(ref reader, stack) as JsonObject ?? throw stack.Mismatch(given, "map[string]interface {}"), stack.StrictErrors);
        });
    }

    /// <summary>Reads any JSON value, such as the list of a JSON patch.</summary>
    public static JsonNode? ParseValue(ReadOnlySpan<byte> utf8Json) =>
        WithReader(utf8Json, static (ref Utf8JsonReader reader) => AnyReader.Read(ref reader, stack: null));

    /// <summary>The canonical bytes of an object: see <see cref="CanonicalWriter"/>. Without a built-in type keys are sorted, as Go writes maps.</summary>
    public static byte[] Write(JsonObject obj, ObjectType? type)
    {
        var buffer = _buffer ?? new ArrayBufferWriter<byte>(FirstBuffer);
        _buffer = null;
        Write(buffer, obj, type);
        var json = buffer.WrittenSpan.ToArray();
        if (buffer.Capacity <= LargestKeptBuffer)
        {
            buffer.ResetWrittenCount();
            _buffer = buffer;
        }

        return json;
    }

    public static void Write(IBufferWriter<byte> output, JsonObject obj, ObjectType? type)
    {
        using var writer = new Utf8JsonWriter(output, WriterOptions);
        if (type is null or { Schema: not null })
        {
            CanonicalWriter.WriteAny(writer, obj, sortKeys: true);
        }
        else
        {
            CanonicalWriter.WriteObject(writer, obj, type);
        }
    }

    /// <summary>Writes a value that has no known type; the keys of objects keep their order.</summary>
    public static byte[] WriteValue(JsonNode? value)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
        {
            CanonicalWriter.WriteAny(writer, value, sortKeys: false);
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Runs a reading over a whole text: exactly one value, valid UTF-8 or made so.</summary>
    internal static T WithReader<T>(ReadOnlySpan<byte> utf8Json, JsonReading<T> read)
    {
        if (!Utf8.IsValid(utf8Json))
        {
            // Go reads what is not UTF-8 as U+FFFD.
            utf8Json = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(utf8Json));
        }

        var reader = new Utf8JsonReader(utf8Json, ReaderOptions);
        try
        {
            reader.Read();
            var result = read(ref reader);
            reader.Read();
            return result;
        }
        catch (JsonException)
        {
            throw new DecodeException(GoJsonSyntax.Describe(utf8Json) ?? "exceeded max depth");
        }
        catch (InvalidOperationException) when (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
        {
            // The reader's only complaint about a well-formed string: half of a surrogate pair as an escape.
            throw new DecodeException("json: invalid surrogate escape in string");
        }
    }
}
