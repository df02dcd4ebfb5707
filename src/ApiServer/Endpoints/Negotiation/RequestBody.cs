using System.Buffers;

using MiniKube.Api.Errors;

namespace MiniKube.ApiServer.Endpoints.Negotiation;

/// <summary>Reads a body whole. Kestrel ends what is longer than the limit with 413.</summary>
internal static class RequestBody
{
    public static async ValueTask<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var reader = request.BodyReader;
        try
        {
            while (true)
            {
                var result = await reader.ReadAsync(cancellationToken);
                if (result.IsCompleted)
                {
                    var body = result.Buffer.ToArray();
                    reader.AdvanceTo(result.Buffer.End);
                    return body;
                }

                reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            }
        }
        catch (IOException error) when (error is not BadHttpRequestException)
        {
            // Chunks that make no sense, or a client that went in the middle of its words.
            throw StatusException.BadRequest(error.Message);
        }
    }
}
