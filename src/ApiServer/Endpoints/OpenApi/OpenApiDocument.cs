namespace MiniKube.ApiServer.Endpoints.OpenApi;

/// <summary>A document ready to send: compressed, since nearly every client takes it so and megabytes would lie in memory otherwise.</summary>
/// <param name="Hash">Of the content, in hexadecimal: it stands in the index, in the address and in the ETag.</param>
/// <param name="Gzip">The content.</param>
/// <param name="Length">Of the content before compression.</param>
internal sealed record OpenApiDocument(string Hash, ReadOnlyMemory<byte> Gzip, long Length);
