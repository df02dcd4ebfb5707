using System.Buffers;
using System.IO.Compression;
using System.Text;

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

    private static readonly GroupVersionKind StatusKind = new("", "v1", "Status");

    /// <summary>Ends every JSON body, as upstream's encoder does (CLIENTS.md A18).</summary>
    public static readonly ReadOnlyMemory<byte> LineFeed = "\n"u8.ToArray();

    /// <summary>Writes an answer that is at hand as JSON in the encoding that was chosen.</summary>
    public static Task WriteAsync(
        ApiRequest request, int status, MediaType accept, GroupVersionKind kind, IReadOnlyList<ReadOnlyMemory<byte>> json)
    {
        var isPretty = accept.Name == MediaType.Json && PrettyJson.IsWanted(request.Http.Request, accept);
        return WriteAsync(request, status, accept.Name, AnswerEncoding.Encode(json, accept, kind, isPretty));
    }

    /// <summary>A Status in the encoding that the client prefers; for people when it takes none.</summary>
    public static Task WriteStatusAsync(ApiRequest request, V1Status status)
    {
        var code = status.Code ?? StatusCodes.Status200OK;
        var json = EncodeStatus(status);
        return AcceptHeader.Find(request.Http.Request.Headers.Accept, type => type is { As: "", Stream: "" or "watch" }) is { } accept
            ? WriteAsync(request, code, accept, StatusKind, [json, LineFeed])
            : WriteAsync(request, code, MediaType.Json, [PrettyJson.Indent(json)]);
    }

    public static byte[] EncodeStatus(V1Status status) => JsonCodec.Write(StatusDocument.ToJson(status), TypeGraph.BuiltIn.Find(StatusKind));

    /// <summary>Plain text, as handlers outside of the resources write it.</summary>
    public static Task WriteTextAsync(ApiRequest request, int status, string text)
    {
        request.Http.Response.Headers.XContentTypeOptions = "nosniff";
        return WriteAsync(request, status, "text/plain; charset=utf-8", [Encoding.UTF8.GetBytes(text)]);
    }

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

        request.AnswerLength = length;
        if (HttpMethods.IsHead(request.Http.Request.Method))
        {
            response.ContentLength = length;
            return;
        }

        if (length > CompressFrom && AcceptsGzip(request.Http.Request))
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

        if (length >= FlushFrom)
        {
            // Over HTTP/1.1 Kestrel keeps back what was written after a flush and is not flushed itself.
            await writer.FlushAsync(request.Cancellation);
        }
    }

    public static void AddWarnings(ApiRequest request)
    {
        if (request.Warnings.Count > 0)
        {
            request.Http.Response.Headers.Append("Warning", WarningHeaders.Of(request.Warnings));
            request.Warnings.Clear();
        }
    }

    private static bool AcceptsGzip(HttpRequest request)
    {
        foreach (var header in request.Headers.AcceptEncoding)
        {
            if (header is not null && header.Split(',').Any(encoding => encoding.AsSpan().Trim() is "gzip"))
            {
                return true;
            }
        }

        return false;
    }
}
