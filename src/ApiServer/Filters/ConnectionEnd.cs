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

    /// <summary>For an answer that goes on: announces it when the token is cancelled. What asks again once the answer has ended is then elsewhere. HTTP/1.1 has no word for it.</summary>
    public static CancellationTokenRegistration AnnounceWhen(HttpContext context, CancellationToken cancelled) => HttpProtocol.IsHttp2(context.Request.Protocol)
        ? cancelled.Register(connection => (connection as IConnectionLifetimeNotificationFeature)?.RequestClose(), context.Features.Get<IConnectionLifetimeNotificationFeature>())
        : default;
}
