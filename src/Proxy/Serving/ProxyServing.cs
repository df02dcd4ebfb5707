using System.Globalization;
using System.Net;

using MiniKube.Hosting;

namespace MiniKube.Proxy.Serving;

/// <summary>/healthz for load balancers on one port; /metrics and /proxyMode on another.</summary>
internal static class ProxyServing
{
    public static void Listen(WebApplicationBuilder builder, ProxyServingOptions options)
    {
        var addresses = new[] { options.Healthz, options.Metrics }.OfType<IPEndPoint>().Distinct().ToList();
        if (addresses.Count == 0)
        {
            builder.ServeAt(new ServingOptions { SecurePort = 0 });
            return;
        }

        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            addresses.ForEach(kestrel.Listen);
        });
    }

    public static void Map(WebApplication app, ProxyServingOptions options)
    {
        if (options.Healthz is { } healthz)
        {
            app.MapGet("/healthz", WriteHealthAsync).RequireHost($"*:{healthz.Port.ToString(CultureInfo.InvariantCulture)}");
        }

        app.MapGet("/proxyMode", (HttpContext context) => context.Response.WriteAsync("iptables", context.RequestAborted));
    }

    private static Task WriteHealthAsync(HttpContext context)
    {
        var services = context.RequestServices;
        var health = services.GetRequiredService<ProxyHealth>();
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        context.Response.StatusCode = health.IsHealthy ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "application/json";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return context.Response.WriteAsync(
            $$"""{"lastUpdated": "{{Text(health.LastUpdated)}}","currentTime": "{{Text(now)}}", "nodeEligible": true}""", context.RequestAborted);
    }

    private static string Text(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm:ss.fffffff +0000 'UTC'", CultureInfo.InvariantCulture);
}
