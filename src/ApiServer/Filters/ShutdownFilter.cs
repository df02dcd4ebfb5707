using MiniKube.Api.Errors;

namespace MiniKube.ApiServer.Filters;

/// <summary>While the server drains, new requests are sent elsewhere: 429 with Retry-After, and the connection closes. Health is still answered.</summary>
internal sealed class ShutdownFilter(ServerLifetime lifetime) : IFilter
{
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (!lifetime.Draining.IsCancellationRequested || !ApiRequest.Of(context).Info.IsResourceRequest)
        {
            return next(context);
        }

        context.Response.Headers.Connection = "close";
        throw StatusException.TooManyRequests("The apiserver is shutting down, please try again later.", 5);
    }
}
