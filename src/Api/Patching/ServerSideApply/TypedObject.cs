using System.Text.Json.Nodes;

using MiniKube.Api.Schema;

namespace MiniKube.Api.Patching.ServerSideApply;

/// <summary>An object in one version of its kind.</summary>
/// <param name="Object">The object; not changed by anyone who is given it.</param>
/// <param name="Type">The fields of that version.</param>
/// <param name="ApiVersion">Such as <c>apps/v1</c>.</param>
public sealed record TypedObject(JsonObject Object, ObjectType Type, string ApiVersion)
{
    internal FieldSchema Schema => FieldSchema.Of(Type);
}
