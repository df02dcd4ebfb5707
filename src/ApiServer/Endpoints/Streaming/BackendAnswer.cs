using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace MiniKube.ApiServer.Endpoints.Streaming;

/// <summary>A backend's answer as it is passed on to the client.</summary>
internal static class BackendAnswer
{
    private const int BufferSize = 32 * 1024;

    /// <summary>A stream may be as large and as slow as its two ends like.</summary>
    public static void LiftLimits(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } requestRate)
        {
            requestRate.MinDataRate = null;
        }

        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } responseRate)
        {
            responseRate.MinDataRate = null;
        }
    }

    /// <summary>Status and headers, but for what concerns the backend's connection only.</summary>
    public static void CopyHead(HttpResponseMessage answer, HttpResponse response)
    {
        response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers))
        {
            if (BackendRequest.IsPassedOn(name))
            {
                response.Headers[name] = values.ToArray();
            }
        }

        response.ContentLength = answer.Content.Headers.ContentLength;
    }

    /// <summary>The body as it comes, flushed piece by piece.</summary>
    public static async Task CopyBodyAsync(Stream body, HttpResponse response, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        await response.StartAsync(cancellationToken);
        while (await body.ReadAsync(buffer, cancellationToken) is > 0 and var length)
        {
            await response.Body.WriteAsync(buffer.AsMemory(0, length), cancellationToken);
            await response.Body.FlushAsync(cancellationToken);
        }
    }

    public static async Task PassOnAsync(HttpResponseMessage answer, HttpContext context, CancellationToken cancellationToken)
    {
        CopyHead(answer, context.Response);
        await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
        await CopyBodyAsync(body, context.Response, cancellationToken);
    }

    public static bool IsRedirect(HttpResponseMessage answer) => (int)answer.StatusCode is >= 300 and < 400 && answer.Headers.Location is not null;
}
