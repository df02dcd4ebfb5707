using System.IO.Compression;

using Microsoft.Net.Http.Headers;

using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Filters;

namespace MiniKube.ApiServer.Endpoints.OpenApi;

/// <summary>Answers <c>/openapi/v2</c> and <c>/openapi/v3</c> with all that lets clients keep what they have: ETags, 304, immutable addresses (CLIENTS.md F).</summary>
internal sealed class OpenApiEndpoint(OpenApiDocuments documents, TimeProvider timeProvider) : IPathEndpoint
{
    private const string Json = "application/json";
    private const string V2Path = "/openapi/v2";
    private const string V3Path = "/openapi/v3";

    // What clients ask for has an @ where the answer has a dot.
    private const string V2ProtobufAccept = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";
    private const string V2Protobuf = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

    public async Task<bool> TryHandleAsync(ApiRequest request)
    {
        var (http, cancellationToken) = (request.Http, request.Cancellation);
        var path = request.Info.Path.TrimEnd('/');
        if (path == V2Path)
        {
            var protobuf = WantsProtobuf(http.Request);
            await WriteAsync(http, documents.V2(protobuf), protobuf ? V2Protobuf : Json, cancellationToken);
        }
        else if (path == V3Path)
        {
            http.Response.ContentType = Json;
            await http.Response.Body.WriteAsync(JsonCodec.WriteValue(documents.Index()), cancellationToken);
        }
        else if (path.StartsWith(V3Path + "/", StringComparison.Ordinal) && documents.V3(path[(V3Path.Length + 1)..]) is { } document)
        {
            await WriteV3Async(http, path[(V3Path.Length + 1)..], document, cancellationToken);
        }
        else
        {
            return false;
        }

        return true;
    }

    private async Task WriteV3Async(HttpContext http, string key, OpenApiDocument document, CancellationToken cancellationToken)
    {
        var asked = http.Request.Query["hash"].ToString();
        if (asked.Length > 0 && asked != document.Hash)
        {
            http.Response.Redirect(OpenApiDocuments.AddressOf(key, document.Hash), permanent: true);
            return;
        }

        if (asked.Length > 0)
        {
            http.Response.Headers.CacheControl = "public, immutable";
            http.Response.Headers.Expires = HeaderUtilities.FormatDate(timeProvider.GetUtcNow().AddYears(1));
        }

        await WriteAsync(http, document, Json, cancellationToken);
    }

    private static async Task WriteAsync(HttpContext http, OpenApiDocument document, string contentType, CancellationToken cancellationToken)
    {
        var response = http.Response;
        response.Headers.ETag = $"\"{document.Hash}\"";
        response.Headers.Vary = "Accept-Encoding, Accept";
        if (http.Request.Headers.IfNoneMatch.ToString().Contains(document.Hash, StringComparison.Ordinal))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = contentType;
        if (http.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase))
        {
            response.Headers.ContentEncoding = "gzip";
            response.ContentLength = document.Gzip.Length;
            await response.Body.WriteAsync(document.Gzip, cancellationToken);
            return;
        }

        response.ContentLength = document.Length;
        await using var content = new GZipStream(new MemoryStream(document.Gzip.ToArray(), writable: false), CompressionMode.Decompress);
        await content.CopyToAsync(response.Body, cancellationToken);
    }

    private static bool WantsProtobuf(HttpRequest request) =>
        request.Headers.Accept.ToString() is var accept
        && (accept.Contains(V2ProtobufAccept, StringComparison.Ordinal) || accept.Contains(V2Protobuf, StringComparison.Ordinal));
}
