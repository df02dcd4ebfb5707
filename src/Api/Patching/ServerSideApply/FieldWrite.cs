using MiniKube.Api.Schema;

namespace MiniKube.Api.Patching.ServerSideApply;

/// <summary>What a <see cref="FieldManager"/> must know of a write.</summary>
/// <param name="Manager">Who writes; empty for a client that says nothing of itself.</param>
/// <param name="ApiVersion">The version that it is written in, such as <c>apps/v1</c>.</param>
/// <param name="Kind">Such as <c>Deployment</c>.</param>
/// <param name="Type">The fields of that version.</param>
/// <param name="Now">The time of the write.</param>
public sealed record FieldWrite(string Manager, string ApiVersion, string Kind, ObjectType Type, DateTimeOffset Now)
{
    /// <summary>Such as <c>status</c>; empty for the object itself.</summary>
    public string Subresource { get; init; } = "";

    /// <summary>What this way of writing does not change: nobody comes to own it.</summary>
    public FieldSet Ignored { get; init; } = FieldSet.Empty;

    /// <summary>Gives an object in another version of its kind; null for a version that is not served. By default there is one version.</summary>
    public Func<TypedObject, string, TypedObject?> Convert { get; init; } = (obj, version) => version == obj.ApiVersion ? obj : null;
}
