using System.Buffers;
using System.Text;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Api.Schema;
using MiniKube.Api.Serialization;
using MiniKube.Api.Serialization.Protobuf;

namespace MiniKube.ApiServer.Endpoints.Negotiation;

/// <summary>Turns an answer's JSON into the encoding that was chosen. JSON is what is at hand; the others are made for each answer.</summary>
internal static class AnswerEncoding
{
    public static IReadOnlyList<ReadOnlyMemory<byte>> Encode(IReadOnlyList<ReadOnlyMemory<byte>> json, MediaType accept, GroupVersionKind kind) => accept.Name switch
    {
        MediaType.Yaml => [Encoding.UTF8.GetBytes(YamlCodec.Write(JsonCodec.Parse(Join(json))))],
        MediaType.Protobuf => [ToProtobuf(Join(json), kind)],
        _ => json,
    };

    private static byte[] ToProtobuf(ReadOnlySpan<byte> json, GroupVersionKind kind) => TypeGraph.BuiltIn.Find(kind) is { } type
        ? ProtobufCodec.Encode(ObjectDecoder.Decode(json, type).Object, type)
        : throw StatusException.NotAcceptable(MediaType.Json, MediaType.Yaml);

    private static ReadOnlySpan<byte> Join(IReadOnlyList<ReadOnlyMemory<byte>> pieces)
    {
        var joined = new ArrayBufferWriter<byte>(pieces.Sum(piece => piece.Length));
        foreach (var piece in pieces)
        {
            joined.Write(piece.Span);
        }

        return joined.WrittenSpan;
    }
}
