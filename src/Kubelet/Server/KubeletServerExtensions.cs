using System.Net;

using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

using MiniKube.Client;
using MiniKube.Hosting;
using MiniKube.Kubelet.Node;
using MiniKube.Kubelet.Streaming;

namespace MiniKube.Kubelet.Server;

/// <summary>The kubelet's two ports: 10250 with TLS for the API server, 10248 on loopback for health.</summary>
internal static class KubeletServerExtensions
{
    /// <param name="builder">Of the process.</param>
    /// <param name="options">Where to serve, and by which files.</param>
    /// <param name="serving">The certificate that the cluster gives; null for the files'. Until it is there nobody is served.</param>
    public static void AddKubeletServer(this WebApplicationBuilder builder, KubeletOptions options, RotatingCertificate? serving)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // A followed log may be silent for hours, and whoever reads it may pause.
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Limits.MaxRequestBufferSize = 64 * 1024;
            kestrel.Listen(options.Address, options.Node.Port, listen => UseTls(listen, options, serving));
            if (options.HealthzPort > 0)
            {
                kestrel.Listen(IPAddress.Loopback, options.HealthzPort);
            }
        });
    }

    public static void MapKubeletServer(this WebApplication app, KubeletOptions options)
    {
        var authentication = new ClientCertificateAuthentication(options.ClientCaFile, app.Services.GetRequiredService<TimeProvider>());
        app.Use(authentication.InvokeAsync);
        var agents = app.Services.GetRequiredService<IReadOnlyList<NodeAgent>>();
        var (pods, clock) = (new PodLookup(agents), app.Services.GetRequiredService<TimeProvider>());
        app.MapGet("/containerLogs/{podNamespace}/{podId}/{containerName}", new ContainerLogsEndpoint(pods, clock).HandleAsync);
        app.MapGet("/pods", context => PodsEndpoint.HandleAsync(context, agents));
        var stats = new StatsEndpoint(agents);
        app.MapGet("/stats/summary", stats.SummaryAsync);
        app.MapGet("/metrics", stats.KubeletAsync);
        app.MapGet("/metrics/resource", stats.ResourceAsync);
        app.MapGet("/metrics/cadvisor", stats.ContainersAsync);
        var commands = new CommandEndpoint(pods, clock, app.Lifetime.ApplicationStopping);
        app.MapStreaming("/exec/{podNamespace}/{podId}", "/{containerName}", commands.ExecAsync);
        app.MapStreaming("/attach/{podNamespace}/{podId}", "/{containerName}", commands.AttachAsync);
        app.MapStreaming("/portForward/{podNamespace}/{podId}", "", new PortForwardEndpoint(pods, clock, app.Lifetime.ApplicationStopping).HandleAsync);
        app.MapFallback("{**path}", context => PlainAnswer.RefuseAsync(context, StatusCodes.Status404NotFound, "404 page not found\n"));
    }

    // With the pod's uid, too, as upstream.
    private static void MapStreaming(this WebApplication app, string pod, string rest, RequestDelegate handle)
    {
        foreach (var path in (string[])[$"{pod}{rest}", $"{pod}/{{podUid}}{rest}"])
        {
            app.MapMethods(path, [HttpMethods.Get, HttpMethods.Post], handle);
        }
    }

    private static void UseTls(ListenOptions listen, KubeletOptions options, RotatingCertificate? serving)
    {
        var files = new ServingOptions { TlsCertFile = options.TlsCertFile, TlsPrivateKeyFile = options.TlsPrivateKeyFile };
        listen.UseHttps(new HttpsConnectionAdapterOptions
        {
            ServerCertificate = serving is null ? ServingCertificate.Load(files, TimeProvider.System) : null,
            ServerCertificateSelector = serving is null ? null : (_, _) => serving.Current,
            // A request without a good certificate is answered with 401 rather than the handshake refused, as upstream does.
            ClientCertificateMode = ClientCertificateMode.AllowCertificate,
            ClientCertificateValidation = (_, _, _) => true,
        });
    }
}
