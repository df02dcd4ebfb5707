using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

using MiniKube.Api.Schema;
using MiniKube.Api.Serialization;

namespace MiniKube.Api.Patching.ServerSideApply;

/// <summary>An object of a type before anybody has written anything: with what Go always writes. To it a new object is compared.</summary>
internal static class EmptyObjects
{
    private static readonly ConditionalWeakTable<ObjectType, JsonObject> Objects = [];

    public static JsonObject Of(ObjectType type) => Objects.GetValue(type, Create);

    private static JsonObject Create(ObjectType type)
    {
        // Read whole, so that requests that share it only ever read.
        return JsonCodec.Parse(JsonCodec.Write([], type));
    }
}
