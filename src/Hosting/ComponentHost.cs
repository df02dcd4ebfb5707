using System.Globalization;

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

using Prometheus;

using Serilog;
using Serilog.Events;

namespace MiniKube.Hosting;

/// <summary>What every process does alike: logging, health, metrics, and a stop by cancellation.</summary>
public static class ComponentHost
{
    private const string LogLine = "{UtcTimestamp:yyyy-MM-ddTHH:mm:ss.fffZ} {Level:u1} {Component} {SourceContext}: {Message:lj}{NewLine}{Exception}";

    /// <summary>
    /// A web application with nothing but Kestrel, routing, logging, metrics (an <see cref="IMetricFactory"/> of this component's own) and
    /// health checks. No configuration files or environment: the flags are all there is.
    /// </summary>
    public static WebApplicationBuilder CreateBuilder(string component, LoggingOptions logging)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = component });
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        var services = builder.Services;
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<IHostLifetime, EmbeddedHostLifetime>();
        services.AddRoutingCore();
        services.AddHealthChecks();
        services.AddMetrics();
        // Not as the process's one logger: several components may share the process.
        services.AddSerilog(configuration => Configure(configuration, component, logging), preserveStaticLogger: true);
        return builder;
    }

    /// <summary>Serves health and metrics over TLS at that address; a secure port of 0 serves nothing there.</summary>
    public static WebApplicationBuilder ServeAt(this WebApplicationBuilder builder, ServingOptions serving)
    {
        if (serving.SecurePort == 0)
        {
            // Kestrel would otherwise choose an address of its own.
            builder.Services.Replace(ServiceDescriptor.Singleton<Microsoft.AspNetCore.Hosting.Server.IServer, NoServer>());
            return builder;
        }

        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(serving.BindAddress, serving.SecurePort, listen =>
                listen.UseHttps(ServingCertificate.Load(serving, TimeProvider.System)));
        });
        return builder;
    }

    /// <summary>
    /// Maps /healthz, /livez, /readyz and /metrics, runs until the token is cancelled, then stops cleanly. If a background service failed,
    /// its exception is thrown, so that the process ends and its supervisor starts it again.
    /// </summary>
    public static async Task RunAsync(WebApplication app, CancellationToken cancellationToken)
    {
        MapHealthAndMetrics(app);
        var background = app.Services.GetServices<IHostedService>().OfType<BackgroundService>().ToList();
        await ((IHost)app).RunAsync(cancellationToken);

        if (background.FirstOrDefault(service => service.ExecuteTask is { IsFaulted: true }) is { } failed)
        {
            await failed.ExecuteTask!;
        }
    }

    private static void AddMetrics(this IServiceCollection services)
    {
        var registry = Metrics.NewCustomRegistry();
        var factory = Metrics.WithCustomRegistry(registry);
        ProcessMetrics.Register(factory, registry);
        services.AddSingleton(registry);
        services.AddSingleton<IMetricFactory>(factory);
    }

    private static void MapHealthAndMetrics(WebApplication app)
    {
        var options = new HealthCheckOptions { ResponseWriter = WriteHealth };
        foreach (var path in (string[])["/healthz", "/livez", "/readyz"])
        {
            app.MapHealthChecks(path, options);
        }

        app.MapMetrics("/metrics", app.Services.GetRequiredService<CollectorRegistry>());
    }

    private static Task WriteHealth(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        var text = report.Status == HealthStatus.Unhealthy
            ? string.Concat(report.Entries.Select(entry => $"[{(entry.Value.Status == HealthStatus.Unhealthy ? '-' : '+')}]{entry.Key} {entry.Value.Description}\n"))
            : "ok";
        return context.Response.WriteAsync(text, context.RequestAborted);
    }

    private static void Configure(LoggerConfiguration configuration, string component, LoggingOptions logging) => configuration
        .MinimumLevel.Is(logging.MinimumLevel)
        .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
        .MinimumLevel.Override("System", LogEventLevel.Warning)
        .Enrich.WithProperty("Component", component)
        .WriteTo.Console(outputTemplate: LogLine, formatProvider: CultureInfo.InvariantCulture, standardErrorFromLevel: LogEventLevel.Verbose);
}
