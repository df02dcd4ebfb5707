using MiniKube.Api.Errors;

namespace MiniKube.ApiServer.Endpoints.Negotiation;

/// <summary>Turns a body of any accepted content type into JSON.</summary>
internal static class BodyFormat
{
    /// <summary>A body without a content type is JSON (CLIENTS.md A10). Throws UnsupportedMediaType.</summary>
    public static ReadOnlyMemory<byte> ToJson(ReadOnlyMemory<byte> body, string? contentType) =>
        (string.IsNullOrEmpty(contentType) ? MediaType.Json : MediaType.Parse(contentType).Name) switch
        {
            MediaType.Json => body,
            _ => throw StatusException.UnsupportedMediaType(MediaType.Json, MediaType.Yaml, MediaType.Protobuf),
        };
}
