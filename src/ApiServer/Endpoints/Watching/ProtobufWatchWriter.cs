using System.Buffers.Binary;
using System.Text;

using MiniKube.Api.Meta;
using MiniKube.Api.Serialization.Protobuf;
using MiniKube.ApiServer.Endpoints.Negotiation;
using MiniKube.ApiServer.Endpoints.Tables;
using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.Endpoints.Watching;

/// <summary>
/// Events as protobuf: metav1.WatchEvent without an envelope, its object in one. In a body each is preceded by its length in four bytes, big-endian; a WebSocket's
/// messages need none. The protobuf of an object version is made once for all its watchers.
/// </summary>
/// <param name="output">Where the events go.</param>
/// <param name="kind">What the objects are.</param>
/// <param name="metadataOnly">Whether PartialObjectMetadata is written.</param>
/// <param name="isFramed">Whether lengths are written.</param>
internal sealed class ProtobufWatchWriter(IWatchOutput output, GroupVersionKind kind, bool metadataOnly, bool isFramed) : WatchWriter(output)
{
    private static readonly GroupVersionKind StatusKind = new("", "v1", "Status");

    private readonly GroupVersionKind _written = metadataOnly ? PartialMetadata.Kind : kind;

    public override string ContentType => $"{MediaType.Protobuf};stream=watch";

    protected override void WriteEvent(ReadOnlySpan<byte> type, CachedObject obj) => WriteMessage(type, metadataOnly
        ? AnswerEncoding.ToProtobuf([.. PartialMetadata.Head("v1").Span, .. obj.Bytes.Metadata.Span, .. PartialMetadata.Tail.Span], PartialMetadata.Kind)
        : obj.Rendering(rendered => new Envelope(AnswerEncoding.ToProtobuf(rendered.Json.Span, kind))).Bytes);

    protected override void WriteBookmark(string metadata) => WriteMessage(
        "BOOKMARK"u8,
        AnswerEncoding.ToProtobuf(
            Encoding.UTF8.GetBytes($"{{\"kind\":\"{_written.Kind}\",\"apiVersion\":\"{_written.ApiVersion}\",\"metadata\":{metadata}}}"), _written));

    protected override void WriteStatus(ReadOnlySpan<byte> status) => WriteMessage("ERROR"u8, AnswerEncoding.ToProtobuf(status, StatusKind));

    private void WriteMessage(ReadOnlySpan<byte> type, ReadOnlySpan<byte> obj)
    {
        // Backwards: the fields' contents come before their lengths.
        var message = new WireWriter();
        message.Bytes(1, obj);
        message.Prefix(2, 0);
        message.Bytes(1, type);
        if (isFramed)
        {
            Span<byte> length = stackalloc byte[4];
            BinaryPrimitives.WriteInt32BigEndian(length, message.Length);
            message.Raw(length);
        }

        Write(message.ToArray());
    }

    private sealed record Envelope(byte[] Bytes);
}
