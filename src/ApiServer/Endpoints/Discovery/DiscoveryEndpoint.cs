using System.Buffers;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.ApiServer.Endpoints.Negotiation;
using MiniKube.ApiServer.Filters;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Endpoints.Discovery;

/// <summary>
/// Answers <c>/api</c>, <c>/apis</c>, <c>/apis/group</c> and <c>/apis/group/version</c>. Every document is made when it is first asked for and kept as bytes
/// as long as the same resources are served; the aggregated ones carry an ETag, so that a client that has one is answered with 304.
/// </summary>
internal sealed class DiscoveryEndpoint(ResourceCatalog catalog, IReadOnlyList<ISubresource> subresources, string serverAddress) : IPathEndpoint
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private volatile Edition? _edition;

    public async Task<bool> TryHandleAsync(ApiRequest request)
    {
        var parts = request.Info.Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (parts is not (["api"] or ["apis"] or ["api", _] or ["apis", _] or ["apis", _, _]))
        {
            return false;
        }

        if (request.Info.Verb != "get")
        {
            throw StatusException.MethodNotAllowed();
        }

        var accept = AcceptHeader.Choose(request.Http.Request.Headers.Accept, type => Supports(type, isRoot: parts.Length == 1));
        var edition = CurrentEdition();
        if (edition.Find(parts, accept) is { } document)
        {
            await WriteAsync(request, parts, accept, document);
        }
        else if (parts[0] == "api" || edition.HasGroup(parts[1]))
        {
            throw StatusException.NoSuchResource();
        }
        else
        {
            await Answer.WriteTextAsync(request, StatusCodes.Status404NotFound, PathEndpoints.NotFound);
        }

        return true;
    }

    private static bool Supports(MediaType type, bool isRoot) => type switch
    {
        { IsTransformed: false } => true,
        { Name: MediaType.Json, As: "APIGroupDiscoveryList", Group: "apidiscovery.k8s.io", Version: "v2" or "v2beta1" } => isRoot,
        _ => false,
    };

    private Edition CurrentEdition()
    {
        var current = catalog.Current;
        var edition = _edition;
        return edition?.Catalog == current ? edition : _edition = new Edition(current, subresources, serverAddress);
    }

    private static async Task WriteAsync(ApiRequest request, string[] parts, MediaType accept, (byte[] Json, string ETag) document)
    {
        var headers = request.Http.Response.Headers;
        if (parts.Length == 1)
        {
            headers.Vary = "Accept";
        }

        if (accept.As.Length == 0)
        {
            await Answer.WriteAsync(request, 200, accept, KindOf(parts), [document.Json, Answer.LineFeed]);
            return;
        }

        headers.CacheControl = "public";
        headers.ETag = document.ETag;
        if (request.Http.Request.Headers.IfNoneMatch == document.ETag)
        {
            request.Http.Response.StatusCode = 304;
            return;
        }

        var json = PrettyJson.IsWanted(request.Http.Request, accept) ? PrettyJson.Indent(document.Json) : [.. document.Json, (byte)'\n'];
        await Answer.WriteAsync(request, 200, $"{MediaType.Json};g=apidiscovery.k8s.io;v={accept.Version};as=APIGroupDiscoveryList", [json]);
    }

    private static GroupVersionKind KindOf(string[] parts) => new("", "v1", parts switch
    {
        ["api"] => "APIVersions",
        ["apis"] => "APIGroupList",
        ["apis", _] => "APIGroup",
        _ => "APIResourceList",
    });

    private static byte[] Encode(JsonObject json)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using var writer = new Utf8JsonWriter(buffer, Options);
        json.WriteTo(writer);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The documents of one state of the catalog.</summary>
    private sealed class Edition
    {
        private readonly ConcurrentDictionary<string, (byte[] Json, string ETag)> _made = new();
        private readonly DiscoveryDocuments _documents;
        private readonly AggregatedDiscovery _aggregated;
        private readonly string _serverAddress;

        public Edition(CatalogSnapshot catalog, IReadOnlyList<ISubresource> subresources, string serverAddress)
        {
            Catalog = catalog;
            _documents = new DiscoveryDocuments(catalog, subresources);
            _aggregated = new AggregatedDiscovery(_documents);
            _serverAddress = serverAddress;
        }

        public CatalogSnapshot Catalog { get; }

        public bool HasGroup(string name) => _documents.OneGroup(name) is not null;

        // Only what exists is kept: the paths that clients think of are without end.
        public (byte[] Json, string ETag)? Find(string[] parts, MediaType accept)
        {
            var key = accept.As.Length > 0 ? $"{parts[0]};{accept.As}{accept.Version}" : string.Join('/', parts);
            if (_made.TryGetValue(key, out var known))
            {
                return known;
            }

            if (Make(parts, accept) is not { } made)
            {
                return null;
            }

            var json = Encode(made);
            return _made[key] = (json, $"\"{Convert.ToHexString(SHA256.HashData(json))}\"");
        }

        private JsonObject? Make(string[] parts, MediaType accept) => parts switch
        {
            [var root] when accept.As.Length > 0 => _aggregated.List(root == "api", accept.Version),
            ["api"] => DiscoveryDocuments.ApiVersions(_serverAddress),
            ["apis"] => _documents.GroupList(),
            ["api", var version] => _documents.ResourceList("", version),
            ["apis", var group] => _documents.OneGroup(group),
            ["apis", var group, var version] => _documents.ResourceList(group, version),
            _ => null,
        };
    }
}
