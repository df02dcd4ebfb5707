using System.Net;
using System.Net.Sockets;

using MiniKube.Hosting;

namespace MiniKube.Cluster.Gateway;

/// <summary>Carries every connection to a listening socket on to one address of the hosts' network.</summary>
internal sealed class Forwarder(Socket listener, NetworkNamespace targetNetwork, IPEndPoint target, ILogger<Forwarder> logger)
    : ConnectionListener(listener, logger)
{
    protected override async Task ServeAsync(Socket client, CancellationToken cancellationToken)
    {
        using var server = targetNetwork.CreateSocket();
        server.NoDelay = true;
        await server.ConnectAsync(target, cancellationToken);
        await Splice.RunAsync(client, server, cancellationToken);
    }
}
