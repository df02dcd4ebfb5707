using MiniKube.Api.Meta;
using MiniKube.Api.Schema;

namespace MiniKube.ApiServer.Endpoints.OpenApi;

/// <summary>What the documents say of one resource.</summary>
/// <param name="Kind">Of its objects.</param>
/// <param name="Plural">Its name in paths.</param>
/// <param name="Namespaced">Whether its paths name a namespace.</param>
/// <param name="Type">The fields; null where they are not known.</param>
/// <param name="ListType">The fields of its lists; null where they are not known.</param>
/// <param name="Verbs">As discovery has them: create, delete, deletecollection, get, list, patch, update, watch.</param>
/// <param name="Subresources">Status included.</param>
internal sealed record OpenApiResource(
    GroupVersionKind Kind,
    string Plural,
    bool Namespaced,
    ObjectType? Type,
    ObjectType? ListType,
    IReadOnlyList<string> Verbs,
    IReadOnlyList<OpenApiSubresource> Subresources)
{
    /// <summary>Of a custom resource: its definition, which its type stands for in name only. Null for built-in kinds.</summary>
    public CustomSchema? Custom { get; init; }

    /// <summary>Where the resource's paths begin: <c>/api/v1</c> or <c>/apis/apps/v1</c>.</summary>
    public string GroupPath => $"/{GroupKey}";

    /// <summary>The document that the resource is in: <c>api/v1</c> or <c>apis/apps/v1</c>.</summary>
    public string GroupKey => KeyOf(Kind.Group, Kind.Version);

    public static string KeyOf(string group, string version) => group.Length == 0 ? $"api/{version}" : $"apis/{group}/{version}";
}
