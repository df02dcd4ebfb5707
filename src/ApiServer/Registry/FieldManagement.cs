using System.Text.Json.Nodes;

using MiniKube.Api.Meta;
using MiniKube.Api.Patching.ServerSideApply;
using MiniKube.Api.Schema;
using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Registry;

/// <summary>Tells the <see cref="FieldManager"/> of writes what their kind and request say.</summary>
internal static class FieldManagement
{
    private const string ManagedFieldsName = "managedFields";

    /// <summary>Records in the new object who owns its fields, and changes nothing else of it.</summary>
    /// <param name="request">By whom and how it is written.</param>
    /// <param name="old">The object as it is stored; null for a create.</param>
    /// <param name="obj">The new one, defaulted and before admission.</param>
    /// <param name="now">The time of the write.</param>
    public static void Update(WriteRequest request, JsonObject? old, JsonObject obj, DateTimeOffset now)
    {
        if (request is { FieldManager: not null, Strategy.Type: { } type })
        {
            Of(request, request.Strategy.Kind, type, now).Update(old, obj);
        }
        else if (old is not null)
        {
            SetManagedFields(obj, old);
        }
    }

    /// <summary>The field manager of a write of documents of that kind: the resource's own, or what a subresource shows of it.</summary>
    public static FieldManager Of(WriteRequest request, GroupVersionKind kind, ObjectType type, DateTimeOffset now)
    {
        var strategy = request.Strategy;
        return new FieldManager(new FieldWrite(request.FieldManager ?? "", kind.ApiVersion, kind.Kind, type, now)
        {
            Subresource = request.Subresource,
            Ignored = strategy.ResetFields(request.Subresource),
            Convert = (obj, version) => Convert(strategy, obj, version),
        });
    }

    /// <summary>Keeps the times of managedFields when nothing else of the object changes, so that a write that changes nothing is none.</summary>
    public static void KeepTimes(WriteRequest request, JsonObject obj, JsonObject old)
    {
        if (DiffersOnlyInTimes(obj.At("metadata", ManagedFieldsName), old.At("metadata", ManagedFieldsName)))
        {
            var timed = obj.At("metadata", ManagedFieldsName);
            SetManagedFields(obj, old);
            if (!JsonCodec.Write(obj, request.Strategy.Type).AsSpan().SequenceEqual(JsonCodec.Write(old, request.Strategy.Type)))
            {
                ObjectMetadata.Of(obj)[ManagedFieldsName] = timed;
            }
        }
    }

    private static void SetManagedFields(JsonObject obj, JsonObject from)
    {
        var metadata = ObjectMetadata.Of(obj);
        metadata.Remove(ManagedFieldsName);
        if (from.At("metadata", ManagedFieldsName) is { } kept)
        {
            metadata[ManagedFieldsName] = kept.DeepClone();
        }
    }

    private static bool DiffersOnlyInTimes(JsonNode? now, JsonNode? before) =>
        now is JsonArray { Count: > 0 } entries && before is JsonArray others && entries.Count == others.Count
        && !JsonNode.DeepEquals(now, before) && entries.Zip(others).All(pair => JsonNode.DeepEquals(Timeless(pair.First), Timeless(pair.Second)));

    private static JsonObject? Timeless(JsonNode? entry)
    {
        var timeless = entry?.DeepClone() as JsonObject;
        timeless?.Remove("time");
        return timeless;
    }

    private static TypedObject? Convert(ResourceStrategy strategy, TypedObject obj, string version)
    {
        if (version == obj.ApiVersion)
        {
            return obj;
        }

        if (strategy.InVersion(obj.ApiVersion) is not { } source || strategy.InVersion(version) is not { Type: { } type } target)
        {
            return null;
        }

        var converted = target.FromStored(source.ToStoredUndefaulted((JsonObject)obj.Object.DeepClone()));
        return new TypedObject(ObjectCodec.Parse(JsonCodec.Write(converted, type)), type, version);
    }
}
