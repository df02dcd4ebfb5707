using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

using MiniKube.Api.Quantities;
using MiniKube.Api.Schema;

namespace MiniKube.Api.Serialization.Protobuf;

/// <summary>The protobuf forms of single values, several of which are messages of their own.</summary>
internal static class ProtobufScalars
{
    public static JsonValue FromVarint(ulong value, TypeRef type) =>
        type.Kind == ValueKind.Boolean ? JsonValue.Create(value != 0)
        : type.Bits == 32 ? JsonValue.Create((long)(int)value)
        : JsonValue.Create((long)value);

    public static JsonValue FromDouble(double value) =>
        double.IsFinite(value) ? JsonValue.Create(value) : throw new DecodeException($"json: unsupported value: {value}");

    /// <summary>Reads what is length-delimited: text, bytes, or a message that stands for one value.</summary>
    public static JsonValue? Read(ReadOnlySpan<byte> bytes, ValueKind kind) => kind switch
    {
        ValueKind.String => JsonValue.Create(Encoding.UTF8.GetString(bytes)),
        ValueKind.Bytes => JsonValue.Create(Convert.ToBase64String(bytes)),
        ValueKind.Quantity => ReadQuantity(bytes),
        ValueKind.IntOrString => ReadIntOrString(bytes),
        ValueKind.Time or ValueKind.MicroTime => ReadTime(bytes, kind),
        ValueKind.Duration => JsonValue.Create(GoDuration.Format(ReadNumbers(bytes).First)),
        _ => throw new InvalidOperationException($"{kind} is not one value."),
    };

    /// <summary>Writes a value's content, without tag and length.</summary>
    public static void Write(WireWriter writer, JsonNode? value, ValueKind kind)
    {
        switch (kind)
        {
            case ValueKind.Quantity:
                writer.String(1, value is null ? "0" : Text(value));
                break;
            case ValueKind.IntOrString:
                WriteIntOrString(writer, value);
                break;
            case ValueKind.Time or ValueKind.MicroTime:
                WriteTime(writer, value, kind);
                break;
            case ValueKind.Duration:
                writer.Integer(1, value is not null && GoDuration.TryParse(Text(value), out var nanoseconds) ? nanoseconds : 0);
                break;
            case ValueKind.Any when value is not null:
                writer.Bytes(1, JsonCodec.WriteValue(value));
                break;
        }
    }

    public static string Text(JsonNode node) => node.GetValue<string>();

    public static long Integer(JsonNode node) =>
        node is JsonValue value && value.TryGetValue<int>(out var number) ? number : node.GetValue<long>();

    public static double Float(JsonNode node) =>
        node is JsonValue value && value.TryGetValue<double>(out var number) ? number : Integer(node);

    private static JsonValue ReadQuantity(ReadOnlySpan<byte> message)
    {
        var text = "";
        var reader = new WireReader(message);
        while (reader.TryReadTag())
        {
            if (reader is { FieldNumber: 1, WireType: WireType.LengthDelimited })
            {
                text = reader.ReadString();
            }
            else
            {
                reader.Skip();
            }
        }

        // Upstream takes an empty quantity for zero here, though not in JSON.
        if (text.Length == 0)
        {
            return JsonValue.Create("0");
        }

        return Quantity.Check(text) is { } error ? throw new DecodeException(error) : JsonValue.Create(Quantity.Parse(text).ToString());
    }

    private static JsonValue ReadIntOrString(ReadOnlySpan<byte> message)
    {
        var (isText, number, text) = (false, 0, "");
        var reader = new WireReader(message);
        while (reader.TryReadTag())
        {
            switch (reader.FieldNumber, reader.WireType)
            {
                case (1, WireType.Varint):
                    isText = reader.ReadVarint() == 1;
                    break;
                case (2, WireType.Varint):
                    number = (int)reader.ReadVarint();
                    break;
                case (3, WireType.LengthDelimited):
                    text = reader.ReadString();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return isText ? JsonValue.Create(text) : JsonValue.Create((long)number);
    }

    private static void WriteIntOrString(WireWriter writer, JsonNode? value)
    {
        var text = value is JsonValue scalar && scalar.TryGetValue<string>(out var given) ? given : null;
        writer.String(3, text ?? "");
        writer.Integer(2, value is null || text is not null ? 0 : Integer(value));
        writer.Integer(1, text is null ? 0 : 1);
    }

    private static JsonValue? ReadTime(ReadOnlySpan<byte> message, ValueKind kind)
    {
        // An empty message is the zero time, which JSON writes as null.
        if (message.IsEmpty)
        {
            return null;
        }

        var (seconds, nanos) = ReadNumbers(message);
        if (seconds is < -62_135_596_800 or > 253_402_300_799)
        {
            throw new DecodeException(string.Create(CultureInfo.InvariantCulture, $"Time.MarshalJSON: year outside of range [0,9999]: {seconds}"));
        }

        // Upstream drops the fraction of a Time on purpose: its JSON has none.
        var time = DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(nanos / 1000 * TimeSpan.TicksPerMicrosecond);
        return JsonValue.Create(kind == ValueKind.Time ? Timestamps.FormatTime(time) : Timestamps.FormatMicroTime(time));
    }

    private static void WriteTime(WireWriter writer, JsonNode? value, ValueKind kind)
    {
        if (value is null || !Timestamps.TryParse(Text(value), out var time))
        {
            return;
        }

        var micros = time.UtcTicks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond;
        writer.Integer(2, kind == ValueKind.Time ? 0 : micros * 1000);
        writer.Integer(1, time.ToUnixTimeSeconds());
    }

    private static (long First, int Second) ReadNumbers(ReadOnlySpan<byte> message)
    {
        var (first, second) = (0L, 0);
        var reader = new WireReader(message);
        while (reader.TryReadTag())
        {
            switch (reader.FieldNumber, reader.WireType)
            {
                case (1, WireType.Varint):
                    first = (long)reader.ReadVarint();
                    break;
                case (2, WireType.Varint):
                    second = (int)reader.ReadVarint();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return (first, second);
    }
}
