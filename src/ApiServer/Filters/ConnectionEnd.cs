using Microsoft.AspNetCore.Connections.Features;

namespace MiniKube.ApiServer.Filters;

/// <summary>Asks a client to come again on another connection; what runs on this one ends in peace.</summary>
internal static class ConnectionEnd
{
    /// <summary>HTTP/2: a GOAWAY frame. HTTP/1.1: <c>Connection: close</c> on the answer.</summary>
    public static void Announce(HttpContext context)
    {
        if (HttpProtocol.IsHttp2(context.Request.Protocol))
        {
            context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
        }
        else
        {
            context.Response.Headers.Connection = "close";
        }
    }
}
