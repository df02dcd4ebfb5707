using System.Buffers;
using System.IO.Compression;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Api.Schema;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Endpoints.Negotiation;
using MiniKube.ApiServer.Filters;

namespace MiniKube.ApiServer.Endpoints;

/// <summary>Writes answers: pieces of bytes that mostly exist already, warnings, gzip for large ones when the client takes it.</summary>
internal static class Answer
{
    private const int CompressFrom = 128 * 1024;
    private const int FlushFrom = 64 * 1024;

    /// <summary>Ends every JSON body, as upstream's encoder does (CLIENTS.md A18).</summary>
    public static readonly ReadOnlyMemory<byte> LineFeed = "\n"u8.ToArray();

    public static Task WriteJsonAsync(ApiRequest request, int status, ReadOnlyMemory<byte> json) =>
        WriteAsync(request, status, MediaType.Json, [json, LineFeed]);

    public static Task WriteStatusAsync(ApiRequest request, V1Status status) =>
        WriteJsonAsync(request, status.Code ?? StatusCodes.Status200OK, EncodeStatus(status));

    public static byte[] EncodeStatus(V1Status status) =>
        JsonCodec.Write(StatusDocument.ToJson(status), TypeGraph.BuiltIn.Find(new GroupVersionKind("", "v1", "Status")));

    /// <summary>A hot path: a list of 10,000 pods is 20,000 pieces, copied once (benchmark: list).</summary>
    public static async Task WriteAsync(ApiRequest request, int status, string contentType, IReadOnlyList<ReadOnlyMemory<byte>> pieces)
    {
        var response = request.Http.Response;
        response.StatusCode = status;
        response.ContentType = contentType;
        AddWarnings(request);
        long length = 0;
        foreach (var piece in pieces)
        {
            length += piece.Length;
        }

        if (length >= CompressFrom && AcceptsGzip(request.Http.Request))
        {
            response.Headers.ContentEncoding = "gzip";
            response.Headers.Append("Vary", "Accept-Encoding");
            await using var gzip = new GZipStream(response.Body, CompressionLevel.Fastest, leaveOpen: true);
            foreach (var piece in pieces)
            {
                await gzip.WriteAsync(piece, request.Cancellation);
            }

            return;
        }

        response.ContentLength = length;
        var writer = response.BodyWriter;
        foreach (var piece in pieces)
        {
            writer.Write(piece.Span);
            if (writer.CanGetUnflushedBytes && writer.UnflushedBytes >= FlushFrom)
            {
                await writer.FlushAsync(request.Cancellation);
            }
        }
    }

    public static void AddWarnings(ApiRequest request)
    {
        foreach (var warning in request.Warnings)
        {
            var text = warning.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
            request.Http.Response.Headers.Append("Warning", $"299 - \"{text}\"");
        }

        request.Warnings.Clear();
    }

    private static bool AcceptsGzip(HttpRequest request) =>
        request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase);
}
