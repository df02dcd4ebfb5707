using MiniKube.Api.Errors;

namespace MiniKube.ApiServer.Filters;

/// <summary>From the moment that the server is asked to stop, answers send their connections away; one of HTTP/2 that came after that moment not before it is a second old. While the server drains, new requests are sent elsewhere: 429 with Retry-After, and the connection closes. Health is still answered.</summary>
internal sealed class ShutdownFilter(ServerLifetime lifetime, TimeProvider clock) : IFilter
{
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (lifetime.Stopping.IsCancellationRequested && ConnectionEnd.IsDue(context, clock))
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
