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
    /// <param name="json">The answer; its line feed at the end is JSON's alone.</param>
    /// <param name="accept">What was chosen.</param>
    /// <param name="kind">What the answer is.</param>
    /// <param name="isPretty">Whether JSON is for people.</param>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Encode(
        IReadOnlyList<ReadOnlyMemory<byte>> json, MediaType accept, GroupVersionKind kind, bool isPretty) => accept.Name switch
    {
        MediaType.Yaml => [Encoding.UTF8.GetBytes(YamlCodec.Write(JsonCodec.Parse(Join(json))))],
        MediaType.Protobuf => [ToProtobuf(Join(json), kind)],
        _ when isPretty => [PrettyJson.Indent(Join(json))],
        _ => json,
    };

    /// <summary>The protobuf envelope of an object that is at hand as JSON. Throws NotAcceptable for a kind that has no such form.</summary>
    public static byte[] ToProtobuf(ReadOnlySpan<byte> json, GroupVersionKind kind)
    {
        var type = TypeGraph.BuiltIn.Find(kind) ?? throw StatusException.NotAcceptable(MediaType.Json, MediaType.Yaml);
        return ProtobufCodec.Encode(ObjectDecoder.Decode(json, type).Object, type);
    }

    private static ReadOnlySpan<byte> Join(IReadOnlyList<ReadOnlyMemory<byte>> pieces)
    {
        var joined = new ArrayBufferWriter<byte>(Math.Max(1, pieces.Sum(piece => piece.Length)));
        foreach (var piece in pieces)
        {
            joined.Write(piece.Span);
        }

        return joined.WrittenSpan;
    }
}
