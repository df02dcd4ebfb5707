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

namespace MiniKube.ApiServer.Endpoints.Discovery;

/// <summary>
/// Answers <c>/api</c>, <c>/apis</c>, <c>/apis/group</c> and <c>/apis/group/version</c>. Every document is made when it is first asked for and kept as bytes;
/// the aggregated ones carry an ETag, so that a client that has one is answered with 304.
/// </summary>
internal sealed class DiscoveryEndpoint(DiscoveryDocuments documents, AggregatedDiscovery aggregated, string serverAddress) : IPathEndpoint
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ConcurrentDictionary<string, (byte[] Json, string ETag)> _documents = new();

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
        if (Find(parts, accept) is { } document)
        {
            await WriteAsync(request, parts, accept, document);
        }
        else if (parts[0] == "api" || documents.OneGroup(parts[1]) is not null)
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

    // Only what exists is kept: the paths that clients think of are without end.
    private (byte[] Json, string ETag)? Find(string[] parts, MediaType accept)
    {
        var key = accept.As.Length > 0 ? $"{parts[0]};{accept.As}{accept.Version}" : string.Join('/', parts);
        if (_documents.TryGetValue(key, out var known))
        {
            return known;
        }

        if (Make(parts, accept) is not { } made)
        {
            return null;
        }

        var json = Encode(made);
        return _documents[key] = (json, $"\"{Convert.ToHexString(SHA256.HashData(json))}\"");
    }

    private JsonObject? Make(string[] parts, MediaType accept) => parts switch
    {
        [var root] when accept.As.Length > 0 => aggregated.List(root == "api", accept.Version),
        ["api"] => DiscoveryDocuments.ApiVersions(serverAddress),
        ["apis"] => documents.GroupList(),
        ["api", var version] => documents.ResourceList("", version),
        ["apis", var group] => documents.OneGroup(group),
        ["apis", var group, var version] => documents.ResourceList(group, version),
        _ => null,
    };

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
}
