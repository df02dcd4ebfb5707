using System.Text.Json;
using System.Text.Json.Nodes;

using MiniKube.Api.Schema;
using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Registry;

/// <summary>Between an object as JSON nodes, the bytes that are stored (of the stored kind, without resourceVersion) and those that are served.</summary>
internal sealed class ObjectCodec(ResourceStrategy strategy)
{
    private readonly bool _converts = strategy.ConvertsStored;

    private ObjectType? StoredType => _converts ? TypeGraph.BuiltIn.Find(strategy.StoredKind) : strategy.Type;

    /// <summary>The canonical bytes to store. The object loses its resourceVersion: that is the revision of the write.</summary>
    public byte[] ToStored(JsonObject obj)
    {
        (obj["metadata"] as JsonObject)?.Remove("resourceVersion");
        return JsonCodec.Write(_converts ? strategy.ToStored((JsonObject)obj.DeepClone()) : obj, StoredType);
    }

    /// <summary>The bytes as served, still without resourceVersion. Throws <see cref="JsonException"/> for what is not an object.</summary>
    public ReadOnlyMemory<byte> ToServed(ReadOnlyMemory<byte> stored) =>
        _converts ? JsonCodec.Write(strategy.FromStored(Parse(stored.Span)), strategy.Type) : stored;

    /// <summary>Served bytes as nodes.</summary>
    public static JsonObject Parse(ReadOnlySpan<byte> json) =>
        JsonNode.Parse(json) as JsonObject ?? throw new JsonException("The value is not an object.");
}
