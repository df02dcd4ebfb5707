using MiniKube.Api.Meta;
using MiniKube.Api.Schema;

namespace MiniKube.ApiServer.Endpoints.OpenApi;

/// <summary>What the documents say of a part or an action of objects.</summary>
/// <param name="Name">The last part of the path.</param>
/// <param name="Kind">Of its bodies.</param>
/// <param name="Type">The fields of its bodies; null where they are not known.</param>
/// <param name="Verbs">As discovery has them.</param>
internal sealed record OpenApiSubresource(string Name, GroupVersionKind Kind, ObjectType? Type, IReadOnlyList<string> Verbs)
{
    /// <summary>Whether it joins the client with a container or a backend; its kind is then that of its options (PodExecOptions).</summary>
    public bool IsConnection => Kind.Kind.EndsWith("Options", StringComparison.Ordinal);
}
