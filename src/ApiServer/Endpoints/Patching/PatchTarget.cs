using System.Text.Json.Nodes;

using MiniKube.Api.Meta;
using MiniKube.Api.Patching.ServerSideApply;
using MiniKube.Api.Schema;
using MiniKube.ApiServer.Endpoints.Negotiation;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Endpoints.Patching;

/// <summary>What a patch is applied to: an object of a resource, or what a subresource shows instead.</summary>
/// <param name="Kind">The kind of the patched document.</param>
/// <param name="Type">Its fields; null when they are not known.</param>
/// <param name="Complete">Makes a typed document whole: kind, defaults.</param>
internal sealed record PatchTarget(GroupVersionKind Kind, ObjectType? Type, Func<JsonObject, JsonObject> Complete)
{
    private static readonly string[] OfBuiltIn = [MediaType.JsonPatch, MediaType.MergePatch, MediaType.StrategicMergePatch, MediaType.ApplyPatch];
    private static readonly string[] OfCustom = [MediaType.JsonPatch, MediaType.MergePatch, MediaType.ApplyPatch];

    /// <summary>Whether strategic merge patches are taken. Not for custom resources: nothing tells how they are merged.</summary>
    public bool HasStrategicMerge { get; init; } = Type is { Schema: null };

    /// <summary>The forms that are taken.</summary>
    public IReadOnlyList<string> MediaTypes => HasStrategicMerge ? OfBuiltIn : OfCustom;

    public static PatchTarget Of(ResourceStrategy strategy) => new(strategy.Kind, strategy.Type, obj => BodyDecoder.Complete(obj, strategy));

    /// <summary>Who keeps the document's managedFields.</summary>
    public FieldManager Fields(WriteRequest write, ObjectType type, DateTimeOffset now) => FieldManagement.Of(write, Kind, type, now);
}
