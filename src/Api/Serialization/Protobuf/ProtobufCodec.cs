using System.Text.Json.Nodes;

using MiniKube.Api.Meta;
using MiniKube.Api.Schema;

namespace MiniKube.Api.Serialization.Protobuf;

/// <summary>
/// Between objects held as JSON and upstream's protobuf envelope: four bytes, then a runtime.Unknown with kind, apiVersion and the message.
/// Works for every kind of the table of types; custom resources have no protobuf form, upstream neither.
/// </summary>
public static class ProtobufCodec
{
    public const string MediaType = "application/vnd.kubernetes.protobuf";

    internal static ReadOnlySpan<byte> Magic => "k8s\0"u8;

    /// <summary>Reads an object; its kind and apiVersion are in it. Takes time and memory in proportion to the body.</summary>
    /// <param name="body">The envelope.</param>
    /// <param name="expected">What the body is if it does not say so itself.</param>
    /// <exception cref="DecodeException">The body is no such object; the message is upstream's.</exception>
    public static DecodedObject Decode(ReadOnlySpan<byte> body, GroupVersionKind? expected = null) =>
        new(Decode(body, expected, new MessageReader()), []);

    // An object may hold others in envelopes of their own; the reader counts how deep.
    internal static JsonObject Decode(ReadOnlySpan<byte> body, GroupVersionKind? expected, MessageReader reader)
    {
        var (kind, message) = ReadEnvelope(body);
        kind = kind.Kind is null or "" ? expected ?? new GroupVersionKind("", "", "") : kind;
        if (kind.Kind.Length == 0)
        {
            throw new DecodeException("Object 'Kind' is missing in 'runtime.TypeMeta{APIVersion:\"\", Kind:\"\"}'");
        }

        var type = TypeGraph.BuiltIn.Find(kind)
            ?? throw new DecodeException($"no kind \"{kind.Kind}\" is registered for version \"{kind.ApiVersion}\" in scheme \"minikube\"");
        var obj = new JsonObject { ["kind"] = kind.Kind, ["apiVersion"] = kind.ApiVersion };
        reader.ReadInto(obj, message, type);
        return obj;
    }

    /// <summary>Writes an object that carries its kind and apiVersion and has been decoded (its values are of the right types).</summary>
    public static byte[] Encode(JsonObject obj, ObjectType type)
    {
        var writer = new WireWriter();
        writer.String(4, "");
        writer.String(3, "");
        var end = writer.Length;
        MessageWriter.Write(writer, obj, type);
        writer.Prefix(2, end);
        end = writer.Length;
        writer.String(2, obj.StringAt("kind") ?? "");
        writer.String(1, obj.StringAt("apiVersion") ?? "");
        writer.Prefix(1, end);
        writer.Raw(Magic);
        return writer.ToArray();
    }

    private static Envelope ReadEnvelope(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty)
        {
            throw new DecodeException("empty data");
        }

        if (!body.StartsWith(Magic))
        {
            throw new DecodeException("provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]");
        }

        var reader = new WireReader(body[Magic.Length..]);
        var typeMeta = default(GroupVersionKind);
        var message = ReadOnlySpan<byte>.Empty;
        while (reader.TryReadTag())
        {
            switch (reader.FieldNumber)
            {
                case 1:
                    reader.Expect(WireType.LengthDelimited, "TypeMeta");
                    typeMeta = ReadTypeMeta(reader.ReadBytes());
                    break;
                case 2:
                    reader.Expect(WireType.LengthDelimited, "Raw");
                    message = reader.ReadBytes();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return new Envelope(typeMeta, message);
    }

    private static GroupVersionKind ReadTypeMeta(ReadOnlySpan<byte> message)
    {
        var (apiVersion, kind) = ("", "");
        var reader = new WireReader(message);
        while (reader.TryReadTag())
        {
            switch (reader.FieldNumber, reader.WireType)
            {
                case (1, WireType.LengthDelimited):
                    apiVersion = reader.ReadString();
                    break;
                case (2, WireType.LengthDelimited):
                    kind = reader.ReadString();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return GroupVersionKind.Parse(apiVersion, kind);
    }

    private readonly ref struct Envelope(GroupVersionKind kind, ReadOnlySpan<byte> message)
    {
        private readonly ReadOnlySpan<byte> _message = message;

        public void Deconstruct(out GroupVersionKind kind, out ReadOnlySpan<byte> message)
        {
            kind = Kind;
            message = _message;
        }

        private GroupVersionKind Kind { get; } = kind;
    }
}
