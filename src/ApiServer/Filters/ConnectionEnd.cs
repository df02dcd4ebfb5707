using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace MiniKube.ApiServer.Filters;

/// <summary>Asks a client to come again on another connection; what runs on this one ends in peace.</summary>
internal static class ConnectionEnd
{
    private static readonly object Begun = new();

    // A request that was under way as its connection ended is sent again, a few times by most clients: not all of them here, while a load balancer still leads to here.
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    /// <summary>Writes down when a connection begins that comes though the server stops.</summary>
    public static void Begin(ConnectionContext connection, ServerLifetime lifetime, TimeProvider clock)
    {
        if (lifetime.Stopping.IsCancellationRequested)
        {
            connection.Items[Begun] = clock.GetTimestamp();
        }
    }

    /// <summary>Whether the connection began before the server was asked to stop, or at least a second ago. HTTP/1.1 has nothing under way beside the answer that ends it.</summary>
    public static bool IsDue(HttpContext context, TimeProvider clock) =>
        !HttpProtocol.IsHttp2(context.Request.Protocol)
        || context.Features.Get<IConnectionItemsFeature>()?.Items.TryGetValue(Begun, out var begun) != true
        || (begun is long since && clock.GetElapsedTime(since) >= Rest);

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
