using System.Buffers;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
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

        if (request.Info.Verb is not ("get" or "head"))
        {
            throw StatusException.MethodNotAllowed();
        }

        var accept = parts.Length == 1 ? AcceptHeader.Choose(request.Http.Request.Headers.Accept, Supports) : MediaType.PlainJson;
        var document = Find(parts, accept) ?? throw StatusException.NoSuchResource();
        await WriteAsync(request, accept, document, isAggregatable: parts.Length == 1);
        return true;
    }

    private static bool Supports(MediaType type) => type switch
    {
        { Name: MediaType.Json, As: "" } => true,
        { Name: MediaType.Json, As: "APIGroupDiscoveryList", Group: "apidiscovery.k8s.io", Version: "v2" or "v2beta1" } => true,
        _ => false,
    };

    // Only what exists is kept: the paths that clients think of are without end.
    private (byte[] Json, string ETag)? Find(string[] parts, MediaType accept)
    {
        var key = $"{string.Join('/', parts)};{accept.As}{accept.Version}";
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

    private static async Task WriteAsync(ApiRequest request, MediaType accept, (byte[] Json, string ETag) document, bool isAggregatable)
    {
        var headers = request.Http.Response.Headers;
        var contentType = MediaType.Json;
        if (isAggregatable)
        {
            headers.Vary = "Accept";
        }

        if (accept.As.Length > 0)
        {
            contentType = $"{MediaType.Json};g=apidiscovery.k8s.io;v={accept.Version};as=APIGroupDiscoveryList";
            headers.CacheControl = "public";
            headers.ETag = document.ETag;
            if (request.Http.Request.Headers.IfNoneMatch == document.ETag)
            {
                request.Http.Response.StatusCode = 304;
                return;
            }
        }

        await Answer.WriteAsync(request, 200, contentType, [document.Json, Answer.LineFeed]);
    }

    private static byte[] Encode(JsonObject json)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using var writer = new Utf8JsonWriter(buffer, Options);
        json.WriteTo(writer);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
