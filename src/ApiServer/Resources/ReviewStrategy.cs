using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Api.Schema;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Resources;

/// <summary>A question to the server: created, answered in its status, and never stored.</summary>
internal abstract class ReviewStrategy(GroupVersionKind kind) : ResourceStrategy(kind, $"{kind.Kind.ToLowerInvariant()}s")
{
    public override ObjectType? Type { get; } = TypeGraph.BuiltIn.Find(kind);

    public override bool NamespaceScoped => false;

    public override bool IsStored => false;

    public override IReadOnlyList<string> Verbs { get; } = ["create"];

    // The status is the answer, not a part that others write.
    public override bool HasStatus => false;

    /// <summary>Nobody gives a question a name.</summary>
    protected static IEnumerable<FieldError> EmptyMetadata(JsonObject review, params ReadOnlySpan<string> allowed)
    {
        var metadata = (JsonObject?)review.ObjectAt("metadata")?.DeepClone() ?? [];
        metadata.Remove("managedFields");
        metadata.Remove("creationTimestamp");
        foreach (var field in allowed)
        {
            metadata.Remove(field);
        }

        return metadata.Count == 0 ? [] : [FieldError.Invalid("metadata", metadata, "must be empty")];
    }
}
