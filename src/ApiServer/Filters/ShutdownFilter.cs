using MiniKube.Api.Errors;

namespace MiniKube.ApiServer.Filters;

/// <summary>From the moment that the server is asked to stop, every answer sends its connection away. While the server drains, new requests are sent elsewhere: 429 with Retry-After, and the connection closes. Health is still answered.</summary>
internal sealed class ShutdownFilter(ServerLifetime lifetime) : IFilter
{
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (lifetime.Stopping.IsCancellationRequested)
        {
            ConnectionEnd.Announce(context);
        }

        if (!lifetime.Draining.IsCancellationRequested || !ApiRequest.Of(context).Info.IsResourceRequest)
        {
            return next(context);
        }

        throw StatusException.TooManyRequests("The apiserver is shutting down, please try again later.", 5);
    }
}
