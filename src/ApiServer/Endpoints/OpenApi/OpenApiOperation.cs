using System.Text.Json.Nodes;

using MiniKube.Api.Meta;

namespace MiniKube.ApiServer.Endpoints.OpenApi;

/// <summary>One thing that a path can do.</summary>
/// <param name="Action">As upstream calls it: get, list, watch, watchlist, post, put, patch, delete, deletecollection, connect; empty for what is no resource.</param>
/// <param name="Id">Unique in all documents.</param>
/// <param name="Description">In a few words.</param>
/// <param name="Tag">The group version.</param>
/// <param name="Kind">Of the objects.</param>
/// <param name="Parameters">Besides those of the path.</param>
/// <param name="Answer">The schema of what comes back.</param>
internal sealed record OpenApiOperation(
    string Action,
    string Id,
    string Description,
    string Tag,
    GroupVersionKind Kind,
    IReadOnlyList<OpenApiParameter> Parameters,
    JsonObject Answer)
{
    /// <summary>The schema of the request's body; null if there is none.</summary>
    public JsonObject? Body { get; init; }

    public bool BodyRequired { get; init; } = true;

    /// <summary>The forms of the answer; empty for those that every object has.</summary>
    public IReadOnlyList<string> MediaTypes { get; init; } = [];

    /// <summary>The codes of success.</summary>
    public IReadOnlyList<(string Code, string Description)> Successes { get; init; } = [("200", "OK")];
}
