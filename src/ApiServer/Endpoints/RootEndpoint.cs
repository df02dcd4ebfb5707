using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Endpoints.Discovery;
using MiniKube.ApiServer.Endpoints.Negotiation;
using MiniKube.ApiServer.Filters;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Endpoints;

/// <summary><c>/</c>: the paths there are.</summary>
/// <param name="catalog">Whose groups are told.</param>
/// <param name="subresources">All there are.</param>
/// <param name="others">All other paths.</param>
internal sealed class RootEndpoint(ResourceCatalog catalog, IReadOnlyList<ISubresource> subresources, IEnumerable<string> others) : IPathEndpoint
{
    public async Task<bool> TryHandleAsync(ApiRequest request)
    {
        if (request.Info.Path is not ("/" or "/index.html"))
        {
            return false;
        }

        var paths = new JsonArray([.. GroupPaths().Concat(others).Distinct().Order(StringComparer.Ordinal).Select(path => JsonValue.Create(path))]);
        await Answer.WriteAsync(request, 200, MediaType.Json, [PrettyJson.Indent(JsonCodec.WriteValue(new JsonObject { ["paths"] = paths }))]);
        return true;
    }

    private IEnumerable<string> GroupPaths() => new DiscoveryDocuments(catalog.Current, subresources).Groups.SelectMany(group => group.Name.Length == 0
        ? group.Versions.Select(version => $"/api/{version}").Prepend("/api")
        : ["/apis", $"/apis/{group.Name}", .. group.Versions.Select(version => $"/apis/{group.Name}/{version}")]);
}
