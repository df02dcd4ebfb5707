using System.Text;

using MiniKube.Api.Meta;

namespace MiniKube.ApiServer.Endpoints.Tables;

/// <summary>PartialObjectMetadata: an object's metadata and nothing else. Made of the bytes that are at hand.</summary>
internal static class PartialMetadata
{
    /// <summary>What is written in protobuf: only this version is.</summary>
    public static readonly GroupVersionKind Kind = new("meta.k8s.io", "v1", "PartialObjectMetadata");

    public static readonly ReadOnlyMemory<byte> Tail = "}"u8.ToArray();

    private static readonly ReadOnlyMemory<byte> HeadV1 = MakeHead("v1");
    private static readonly ReadOnlyMemory<byte> HeadV1Beta1 = MakeHead("v1beta1");

    public static ReadOnlyMemory<byte> Head(string version) => version == "v1beta1" ? HeadV1Beta1 : HeadV1;

    /// <summary>How a list of them begins, up to its resourceVersion.</summary>
    public static ReadOnlyMemory<byte> ListHead(string version) => Encoding.UTF8.GetBytes(
        $$"""{"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/{{version}}","metadata":{"resourceVersion":""" + "\"");

    private static byte[] MakeHead(string version) => Encoding.UTF8.GetBytes(
        $$"""{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/{{version}}","metadata":""");
}
