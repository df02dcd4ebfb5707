using System.Net;

using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

using MiniKube.Hosting;
using MiniKube.Kubelet.Node;

namespace MiniKube.Kubelet.Server;

/// <summary>The kubelet's two ports: 10250 with TLS for the API server, 10248 on loopback for health.</summary>
internal static class KubeletServerExtensions
{
    public static void AddKubeletServer(this WebApplicationBuilder builder, KubeletOptions options)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // A followed log may be silent for hours.
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(options.Address, options.Node.Port, listen => UseTls(listen, options));
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
        var logs = new ContainerLogsEndpoint(agents, app.Services.GetRequiredService<TimeProvider>());
        app.MapGet("/containerLogs/{podNamespace}/{podId}/{containerName}", logs.HandleAsync);
        app.MapGet("/pods", context => PodsEndpoint.HandleAsync(context, agents));
    }

    private static void UseTls(ListenOptions listen, KubeletOptions options)
    {
        var serving = new ServingOptions { TlsCertFile = options.TlsCertFile, TlsPrivateKeyFile = options.TlsPrivateKeyFile };
        listen.UseHttps(new HttpsConnectionAdapterOptions
        {
            ServerCertificate = ServingCertificate.Load(serving, TimeProvider.System),
            // A request without a good certificate is answered with 401 rather than the handshake refused, as upstream does.
            ClientCertificateMode = ClientCertificateMode.AllowCertificate,
            ClientCertificateValidation = (_, _, _) => true,
        });
    }
}
